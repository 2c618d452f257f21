import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Progress, Segmented } from 'antd';
import * as z from 'zod';
import { call, mayCall, read } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { Block } from '../../ui/page.tsx';
import { useProblem } from '../../ui/problem.ts';
import { useRegionNames } from '../../ui/region.tsx';
import { Answered } from '../../ui/states.tsx';
import { useView } from '../../ui/view.ts';
import { fill, useWords } from '../../words/language.tsx';
import { Parts } from './parts.tsx';

const view = z.object({ level: z.enum(['village']).optional() });

/** Covered of expected as a cell's shade: what is still to do is what stands out. */
function shade(covered: number, expected: number): string {
  const open = expected === 0 ? 0 : 1 - covered / expected;
  return `rgba(173, 87, 0, ${(open * 0.42).toFixed(3)})`;
}

/** The parts of a region while visits arrive: it moves by itself. In the order of their codes: nobody is ranked. */
export function Heat({ id, region }: { id: string; region: string }) {
  const { w, of } = useWords();
  const name = useRegionNames();
  const [{ level }, setView] = useView(view);
  const progress = useQuery({
    ...read('readProgress', { params: { id }, query: { region, level } }),
    refetchInterval: 10_000,
  });
  return (
    <Answered to={progress}>
      {({ visited, missed, expected, open, parts }) => (
        <Block
          title={w.progress}
          extra={
            <span className="page-actions">
              <span className="number">
                {visited + missed} / {expected} {w.householdsUnit} · {w.openHouseholds} {open}
              </span>
              {region.length === 6 ? (
                <Segmented
                  size="small"
                  value={level ?? 'next'}
                  options={[
                    { value: 'next', label: w.byTown },
                    { value: 'village', label: w.byVillage },
                  ]}
                  onChange={(value) => setView({ level: value === 'village' ? value : undefined })}
                />
              ) : null}
              <Remind
                id={id}
                villages={parts.filter((part) => part.region.length === 12 && part.open > 0).map((part) => part.region)}
              />
            </span>
          }
        >
          <Progress
            aria-label={w.progress}
            percent={Math.floor(((visited + missed) / Math.max(1, expected)) * 100)}
            size="small"
          />
          <Parts
            id={id}
            village="/rounds/$id/worklist/$village"
            parts={parts.map((part) => ({
              ...part,
              name: part.region.length === 12 && region.length === 6 ? name(part.region, true) : part.name,
            }))}
            columns={[
              { key: 'status', title: w.status, of: (part) => of('roundStatus', part.status) },
              { key: 'expected', title: w.expected, of: ({ expected: n }) => n },
              { key: 'visited', title: w.visited, of: ({ visited: n }) => n },
              { key: 'missed', title: w.missed, of: ({ missed: n }) => n },
              {
                key: 'open',
                title: w.openHouseholds,
                of: ({ open: n }) => n,
                background: (part) => shade(part.expected - part.open, part.expected),
              },
              { key: 'reminders', title: w.reminders, of: ({ reminders }) => reminders.join(w.and) },
            ]}
          />
        </Block>
      )}
    </Answered>
  );
}

/** 督办: reminds every village of the region that still has somebody to visit; the workflow does so by itself after the due date. */
function Remind({ id, villages }: { id: string; villages: readonly string[] }) {
  const { w } = useWords();
  const me = useMe();
  const { message } = App.useApp();
  const problem = useProblem();
  const client = useQueryClient();
  const remind = useMutation({
    mutationFn: () => call('remindVillages', { params: { id }, body: { villages: [...villages] } }),
    onSuccess: ({ items }) => {
      void message.success(fill(w.reminded, { n: items.filter(({ outcome }) => outcome === 'reminded').length }));
      void client.invalidateQueries({ queryKey: ['readProgress'] });
    },
    onError: problem,
  });
  if (villages.length === 0 || !mayCall(me, 'remindVillages')) return null;
  return (
    <Button size="small" loading={remind.isPending} onClick={() => remind.mutate()}>
      {fill(w.remindVillages, { n: villages.length })}
    </Button>
  );
}
