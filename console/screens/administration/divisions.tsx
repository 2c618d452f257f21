import { UploadOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Upload } from 'antd';
import { useState } from 'react';
import type { Divisions as District } from '../../../functions/contracts/regions.ts';
import { call, mayCall, Refused, read } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { whole } from '../../ui/format.ts';
import { Block } from '../../ui/page.tsx';
import { useProblem } from '../../ui/problem.ts';
import { Answered } from '../../ui/states.tsx';
import { List } from '../../ui/table.tsx';
import { fill, useWords } from '../../words/language.tsx';
import { type DivisionFile, readDivisionFile } from './division-file.ts';

/** The district's towns and villages, and, for who may, new ones from a file. */
export function Divisions() {
  const { w } = useWords();
  const me = useMe();
  const divisions = useQuery(read('readDivisions', {}));
  const isMissing = divisions.error instanceof Refused && divisions.error.code === 'divisions-missing';
  const known = divisions.data ?? (isMissing ? 'none' : undefined);
  return (
    <div className="block">
      {known !== undefined && mayCall(me, 'writeDivisions') ? (
        <Import before={known === 'none' ? undefined : known} />
      ) : null}
      <Answered to={divisions}>
        {({ towns }) => (
          <List
            copy
            rowKey="code"
            dataSource={towns}
            expandable={{
              expandedRowRender: ({ villages }) => (
                <div className="chips">
                  {villages.map(({ code, name }) => (
                    <span key={code}>
                      {name} <span className="quiet number">{code}</span>
                    </span>
                  ))}
                </div>
              ),
            }}
            columns={[
              { title: w.number, className: 'number', dataIndex: 'code' },
              { title: w.town, dataIndex: 'name' },
              {
                title: w.village,
                align: 'right',
                className: 'number',
                render: (_value, { villages }) => villages.length,
              },
            ]}
          />
        )}
      </Answered>
    </div>
  );
}

/** Nothing is sent before somebody has seen what the file would change. */
function Import({ before }: { before: District | undefined }) {
  const { w } = useWords();
  const { message } = App.useApp();
  const problem = useProblem();
  const client = useQueryClient();
  const [file, setFile] = useState<{ name: string; content: DivisionFile }>();
  const take = useMutation({
    mutationFn: (body: District) => call('writeDivisions', { body }),
    onSuccess: () => {
      void message.success(w.done);
      setFile(undefined);
      void client.invalidateQueries({ queryKey: ['readDivisions'] });
    },
    onError: problem,
  });
  const { content } = file ?? {};
  return (
    <div style={{ marginBottom: 12 }}>
      <Upload
        accept=".json,.csv,.txt"
        multiple={false}
        showUploadList={false}
        beforeUpload={(chosen) => {
          void chosen
            .arrayBuffer()
            .then((bytes) => setFile({ name: chosen.name, content: readDivisionFile(new Uint8Array(bytes)) }), problem);
          return false;
        }}
      >
        <Button size="small" icon={<UploadOutlined />}>
          {w.importDivisions}
        </Button>
      </Upload>
      <p className="quiet">{w.importDivisionsNote}</p>
      {content === undefined || 'divisions' in content ? null : (
        <Alert
          type="error"
          showIcon
          title={content.line === 0 ? w.divisionsUnreadable : fill(w.divisionsLine, { n: whole(content.line) })}
        />
      )}
      {file !== undefined && content !== undefined && 'divisions' in content ? (
        <Block
          title={file.name}
          extra={
            <span className="page-actions">
              <Button size="small" onClick={() => setFile(undefined)}>
                {w.cancel}
              </Button>
              <Button
                size="small"
                type="primary"
                loading={take.isPending}
                onClick={() => take.mutate(content.divisions)}
              >
                {w.confirm}
              </Button>
            </span>
          }
        >
          <Difference before={before} after={content.divisions} />
        </Block>
      ) : null}
    </div>
  );
}

/** What there would be, and the villages that come and go by their names. */
function Difference({ before, after }: { before: District | undefined; after: District }) {
  const { w } = useWords();
  const [was, is] = [villagesOf(before), villagesOf(after)];
  const added = [...is].filter(([code]) => !was.has(code));
  const gone = [...was].filter(([code]) => !is.has(code));
  const renamed = [...is].filter(([code, name]) => was.has(code) && was.get(code) !== name);
  return (
    <>
      <p>
        {fill(w.divisionsHold, {
          district: `${after.district.name} ${after.district.code}`,
          towns: whole(after.towns.length),
          villages: whole(is.size),
        })}
      </p>
      {before === undefined ? null : (
        <>
          <Villages title={w.villagesAdded} of={added} />
          <Villages title={w.villagesGone} of={gone} />
          <Villages title={w.villagesRenamed} of={renamed} />
        </>
      )}
    </>
  );
}

function Villages({ title, of }: { title: string; of: readonly [string, string][] }) {
  return of.length === 0 ? null : (
    <p>
      {title} <span className="number">{of.length}</span>
      <span className="quiet"> {of.map(([code, name]) => `${name} ${code}`).join('、')}</span>
    </p>
  );
}

function villagesOf(district: District | undefined): Map<string, string> {
  return new Map(district?.towns.flatMap(({ villages }) => villages.map(({ code, name }) => [code, name] as const)));
}
