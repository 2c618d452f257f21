import { type Answer, mayCall } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { minute } from '../../ui/format.ts';
import { Block } from '../../ui/page.tsx';
import { List } from '../../ui/table.tsx';
import { fill, useWords } from '../../words/language.tsx';
import { storyTitle } from '../../words/story.ts';
import { ChangeForm } from './change-form.tsx';
import { changeNames } from './change-names.ts';

/** What was changed, and a form for the next change that shows what it would make of the household. */
export function Changes({
  household,
  asOf,
  changes,
}: {
  household: Answer<'readHousehold'>;
  /** The day the household is looked at, unless it is today's: of the past nothing is changed. */
  asOf: string | undefined;
  changes: Answer<'householdHistory'>['changes'];
}) {
  const { w, language } = useWords();
  const me = useMe();
  return (
    <>
      {mayCall(me, 'changeHousehold') && household.status === 'registered' ? (
        asOf === undefined ? (
          <ChangeForm household={household} />
        ) : (
          <p className="quiet">{fill(w.changeFromToday, { on: asOf })}</p>
        )
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
