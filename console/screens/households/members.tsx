import { Button } from 'antd';
import { useState } from 'react';
import type { Answer } from '../../api/client.ts';
import { List } from '../../ui/table.tsx';
import { useWords } from '../../words/language.tsx';
import { PersonCopy } from './person-copy.tsx';
import { ProposeErasure } from './propose-erasure.tsx';
import { Reveal } from './reveal.tsx';

/** The members, numbers masked; with a reason one number may be shown in full, all that is kept of a member handed to them, or somebody who left erased. */
export function MemberTable({
  household,
  reveal = false,
  copy = false,
  erase = false,
}: {
  household: Answer<'readHousehold'>;
  reveal?: boolean;
  copy?: boolean;
  /** These people may live here no more: it may be asked that one of them be erased. */
  erase?: boolean;
}) {
  const { w, of } = useWords();
  const [asked, setAsked] = useState<string>();
  const [copied, setCopied] = useState<{ person: string; name: string }>();
  const [erased, setErased] = useState<{ person: string; name: string }>();
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
            className: 'number',
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
          ...(copy || erase
            ? [
                {
                  title: '',
                  className: 'no-print',
                  render: (_value: unknown, { person, name }: { person: string; name: string }) => (
                    <>
                      {copy ? (
                        <Button size="small" type="link" onClick={() => setCopied({ person, name })}>
                          {w.personCopy}
                        </Button>
                      ) : null}
                      {erase ? (
                        <Button size="small" type="link" onClick={() => setErased({ person, name })}>
                          {w.erasureProposed}
                        </Button>
                      ) : null}
                    </>
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
      {erased === undefined ? null : (
        <ProposeErasure household={household.id} {...erased} close={() => setErased(undefined)} />
      )}
      {asked === undefined ? null : <Reveal id={household.id} asked={asked} close={() => setAsked(undefined)} />}
    </>
  );
}
