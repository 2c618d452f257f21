import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { cancelReason, relation } from '../../../functions/contracts/registry/household.ts';
import { dayOf } from '../../../functions/domain/calendar.ts';
import { type Answer, call, mayCall, type Input as RouteInput, serverNow } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { minute } from '../../ui/format.ts';
import { Block } from '../../ui/page.tsx';
import { useProblem } from '../../ui/problem.ts';
import { List } from '../../ui/table.tsx';
import { useWords } from '../../words/language.tsx';
import { storyTitle } from '../../words/story.ts';

const kinds = ['birth', 'move-in', 'death', 'move-out', 'correction', 'cancel'] as const;
type Kind = (typeof kinds)[number];
type Change = RouteInput<'changeHousehold'>['body']['change'];

interface Fields {
  kind: Kind;
  on: string;
  name?: string;
  idNumber?: string;
  relation?: (typeof relation.options)[number];
  person?: string;
  address?: string;
  phone?: string;
  reason?: (typeof cancelReason.options)[number];
}

/** What was changed, and a form for the next change that shows what it would make of the household. */
export function Changes({
  household,
  changes,
}: {
  household: Answer<'readHousehold'>;
  changes: Answer<'householdHistory'>['changes'];
}) {
  const { w, language } = useWords();
  const me = useMe();
  return (
    <>
      {mayCall(me, 'changeHousehold') && household.status === 'registered' ? (
        <ChangeForm household={household} />
      ) : null}
      <Block title={w.changes}>
        <List
          rowKey="version"
          dataSource={changes.toReversed()}
          columns={[
            { title: w.version, dataIndex: 'version', align: 'right', className: 'number' },
            { title: w.on, dataIndex: 'on', className: 'number' },
            { title: w.change, render: (_value, { kind }) => storyTitle(changeNames[kind] ?? kind, language) },
            { title: w.by, dataIndex: 'by' },
            { title: w.recordedAt, className: 'number', render: (_value, { recordedAt }) => minute(recordedAt) },
          ]}
        />
      </Block>
    </>
  );
}

const changeNames: Readonly<Record<string, string>> = {
  register: '登记入册',
  birth: '出生',
  'move-in': '迁入',
  death: '死亡',
  'move-out': '迁出',
  certificate: '登记残疾证',
  correction: '更正登记',
  split: '分户',
  'merge-in': '他户并入',
  move: '迁出',
  cancel: '注销',
};

function ChangeForm({ household }: { household: Answer<'readHousehold'> }) {
  const { w, of, language } = useWords();
  const { message } = App.useApp();
  const problem = useProblem();
  const client = useQueryClient();
  const [form] = Form.useForm<Fields>();
  const [preview, setPreview] = useState<Fields>();
  const kind = Form.useWatch('kind', form);
  const change = useMutation({
    mutationFn: (fields: Fields) =>
      call('changeHousehold', {
        params: { id: household.id },
        body: { version: household.version, change: changeOf(fields) },
      }),
    onSuccess: () => {
      void message.success(w.done);
      setPreview(undefined);
      form.resetFields();
      void client.invalidateQueries({
        predicate: ({ queryKey }) => queryKey[0] === 'readHousehold' || queryKey[0] === 'householdHistory',
      });
    },
    onError: problem,
  });
  const needed = [{ required: true, message: w.needed }];
  const isNew = kind === 'birth' || kind === 'move-in';
  const isGone = kind === 'death' || kind === 'move-out';
  return (
    <Block title={w.newChange}>
      <Form
        form={form}
        layout="vertical"
        size="small"
        requiredMark={false}
        initialValues={{ on: dayOf(serverNow()) }}
        onFinish={setPreview}
        className="decide-fields"
      >
        <Form.Item name="kind" label={w.change} rules={needed}>
          <Select
            options={kinds.map((value) => ({ value, label: storyTitle(changeNames[value] ?? value, language) }))}
          />
        </Form.Item>
        <Form.Item name="on" label={w.on} rules={needed}>
          <Input type="date" />
        </Form.Item>
        {isNew ? (
          <>
            <Form.Item name="name" label={w.name} rules={needed}>
              <Input maxLength={40} autoComplete="off" />
            </Form.Item>
            <Form.Item name="idNumber" label={w.idNumber} rules={needed}>
              <Input maxLength={20} autoComplete="off" />
            </Form.Item>
            <Form.Item name="relation" label={w.relation} rules={needed}>
              <Select options={relation.options.map((value) => ({ value, label: of('relation', value) }))} />
            </Form.Item>
          </>
        ) : null}
        {isGone ? (
          <Form.Item name="person" label={w.name} rules={needed}>
            <Select options={household.members.map(({ person, name }) => ({ value: person, label: name }))} />
          </Form.Item>
        ) : null}
        {kind === 'correction' ? (
          <>
            <Form.Item name="address" label={w.address}>
              <Input maxLength={120} />
            </Form.Item>
            <Form.Item name="phone" label={w.phone}>
              <Input maxLength={11} />
            </Form.Item>
          </>
        ) : null}
        {kind === 'cancel' ? (
          <Form.Item name="reason" label={w.reason} rules={needed}>
            <Select options={cancelReason.options.map((value) => ({ value, label: of('cancelReason', value) }))} />
          </Form.Item>
        ) : null}
        <Form.Item label=" ">
          <Button htmlType="submit">{w.preview}</Button>
        </Form.Item>
      </Form>
      {preview === undefined ? null : (
        <div className="decide">
          <Preview household={household} fields={preview} />
          <Button type="primary" size="small" loading={change.isPending} onClick={() => change.mutate(preview)}>
            {w.confirm}
          </Button>{' '}
          <Button size="small" onClick={() => setPreview(undefined)}>
            {w.cancel}
          </Button>
        </div>
      )}
    </Block>
  );
}

/** The household before and after, so that a slip is seen before it is written. */
function Preview({ household, fields }: { household: Answer<'readHousehold'>; fields: Fields }) {
  const { w, of } = useWords();
  const before = household.members.map(({ name }) => name);
  const isGone = fields.kind === 'death' || fields.kind === 'move-out';
  const stay = household.members.filter(({ person }) => !isGone || person !== fields.person).map(({ name }) => name);
  const after =
    fields.kind === 'birth' || fields.kind === 'move-in'
      ? [...stay, `${fields.name ?? ''}（${of('relation', fields.relation)}）`]
      : stay;
  return (
    <table className="plain">
      <tbody>
        <tr>
          <td className="quiet">{w.beforeChange}</td>
          <td>
            {before.length} {w.peopleUnit}：{before.join('、')} {household.address ?? ''}
          </td>
        </tr>
        <tr>
          <td className="quiet">{w.afterChange}</td>
          <td>
            {fields.kind === 'cancel'
              ? of('householdStatus', 'cancelled')
              : `${after.length} ${w.peopleUnit}：${after.join('、')}`}{' '}
            {fields.address ?? household.address ?? ''}
          </td>
        </tr>
      </tbody>
    </table>
  );
}

function changeOf({
  kind,
  on,
  name = '',
  idNumber = '',
  relation: of = 'other',
  person = '',
  address,
  phone,
  reason = 'registered-in-error',
}: Fields): Change {
  switch (kind) {
    case 'birth':
    case 'move-in':
      return { kind, on, member: { name, idNumber, relation: of } };
    case 'death':
    case 'move-out':
      return { kind, on, person };
    case 'correction':
      return {
        kind,
        on,
        ...(address === undefined || address === '' ? {} : { address }),
        ...(phone === undefined || phone === '' ? {} : { phone }),
      };
    case 'cancel':
      return { kind, on, reason };
  }
}
