import { Button } from 'antd';
import { useState } from 'react';
import type { Answer } from '../../api/client.ts';
import { List } from '../../ui/table.tsx';
import { useWords } from '../../words/language.tsx';
import { PersonCopy } from './person-copy.tsx';
import { Reveal } from './reveal.tsx';

/** The members, numbers masked; with a reason one number may be shown in full, or all that is kept of a member handed to them. */
export function MemberTable({
  household,
  reveal = false,
  copy = false,
}: {
  household: Answer<'readHousehold'>;
  reveal?: boolean;
  copy?: boolean;
}) {
  const { w, of } = useWords();
  const [asked, setAsked] = useState<string>();
  const [copied, setCopied] = useState<{ person: string; name: string }>();
  return (
    <>
      <List
        rowKey="person"
        dataSource={household.members}
        columns={[
          { title: w.name, dataIndex: 'name' },
          { title: w.relation, render: (_value, { relation }) => of('relation', relation) },
          { title: w.sex, render: (_value, { sex }) => of('sex', sex) },
          { title: w.age, dataIndex: 'age', align: 'right', className: 'number' },
          {
            title: w.idNumber,
            className: 'number after-number',
            render: (_value, { idNumber, person }) => (
              <>
                {idNumber}
                {reveal ? (
                  <Button className="no-print" size="small" type="link" onClick={() => setAsked(person)}>
                    {w.reveal}
                  </Button>
                ) : null}
              </>
            ),
          },
          {
            title: w.disability,
            render: (_value, { disabilityCertificate }) =>
              disabilityCertificate === undefined ? '' : `${disabilityCertificate.grade}`,
            align: 'right',
          },
          ...(copy
            ? [
                {
                  title: '',
                  className: 'no-print',
                  render: (_value: unknown, { person, name }: { person: string; name: string }) => (
                    <Button size="small" type="link" onClick={() => setCopied({ person, name })}>
                      {w.personCopy}
                    </Button>
                  ),
                },
              ]
            : []),
        ]}
      />
      {reveal && household.phone !== undefined ? (
        <Button className="no-print" size="small" type="link" onClick={() => setAsked('phone')}>
          {w.revealPhone}
        </Button>
      ) : null}
      {copied === undefined ? null : (
        <PersonCopy household={household.id} {...copied} close={() => setCopied(undefined)} />
      )}
      {asked === undefined ? null : <Reveal id={household.id} asked={asked} close={() => setAsked(undefined)} />}
    </>
  );
}
