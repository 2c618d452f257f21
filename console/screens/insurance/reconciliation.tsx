import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import * as z from 'zod';
import { read, usePages } from '../../api/client.ts';
import { Count, Money } from '../../ui/figures.tsx';
import { HouseholdLink } from '../../ui/household-link.tsx';
import { Block, Facts } from '../../ui/page.tsx';
import { useRegion } from '../../ui/region.tsx';
import { Answered, Nothing } from '../../ui/states.tsx';
import { List, More } from '../../ui/table.tsx';
import { useView } from '../../ui/view.ts';
import { useWords } from '../../words/language.tsx';

const lists = ['uninsured', 'unregistered', 'twice'] as const;
const view = z.object({ list: z.enum(lists).optional() });

/** The roster held against the register: who is on one and not on the other. */
export function Reconciliation({ policy }: { policy: string }) {
  const { w, of } = useWords();
  const region = useRegion();
  const [{ list }, setView] = useView(view);
  const { pages, first, items } = usePages('reconcile', {
    params: { id: policy },
    query: { region, limit: 200, list },
  });
  return (
    <Block title={w.reconciliation}>
      <Answered to={pages}>
        {() =>
          first === undefined ? null : (
            <>
              <Facts
                items={[
                  [w.insured, <Count key="i" n={first.insured} unit={w.peopleUnit} />],
                  [w.registered, <Count key="r" n={first.registered} unit={w.peopleUnit} />],
                  [w.both, <Count key="b" n={first.both} unit={w.peopleUnit} />],
                  ...lists.map(
                    (one) =>
                      [
                        of('reconcile', one),
                        <Button
                          key={one}
                          type="link"
                          size="small"
                          onClick={() => setView({ list: list === one ? undefined : one })}
                        >
                          <Count n={first[one]} unit={w.peopleUnit} />
                        </Button>,
                      ] as const,
                  ),
                ]}
              />
              {list === undefined ? null : items.length === 0 ? (
                <Nothing />
              ) : (
                <List
                  copy
                  tall
                  rowKey="person"
                  dataSource={items}
                  columns={[
                    {
                      title: w.household,
                      width: 240,
                      render: (_value, { household }) =>
                        household === null ? '—' : <HouseholdLink id={household}>{household}</HouseholdLink>,
                    },
                    {
                      title: w.idNumber,
                      width: 220,
                      className: 'number',
                      render: (_value, { idNumber }) => idNumber ?? '—',
                    },
                  ]}
                />
              )}
              {list === undefined ? null : <More of={pages} />}
            </>
          )
        }
      </Answered>
    </Block>
  );
}

/** Households whose paid bills suggest that somebody should report a claim. */
export function Prompts({ policy }: { policy: string }) {
  const { w } = useWords();
  const region = useRegion();
  const [open, setOpen] = useState(false);
  const prompts = useQuery({ ...read('prompts', { params: { id: policy }, query: { region } }), enabled: open });
  return (
    <Block
      title={w.prompts}
      extra={
        <Button size="small" onClick={() => setOpen(true)}>
          {w.look}
        </Button>
      }
    >
      {open ? (
        <Answered to={prompts} empty={({ items }) => items.length === 0}>
          {({ items }) => (
            <List
              copy
              rowKey="household"
              dataSource={items}
              columns={[
                {
                  title: w.household,
                  render: (_value, { household }) => <HouseholdLink id={household}>{household}</HouseholdLink>,
                },
                { title: w.round, dataIndex: 'round' },
                { title: w.paidMedical, align: 'right', render: (_value, { medical }) => <Money fen={medical} /> },
              ]}
            />
          )}
        </Answered>
      ) : null}
    </Block>
  );
}
