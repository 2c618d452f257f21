import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Segmented, Select } from 'antd';
import * as z from 'zod';
import { claimStage } from '../../../functions/contracts/insurance/claim.ts';
import { lineId } from '../../../functions/contracts/insurance/product.ts';
import { type Answer, mayCall, readAll, serverNow } from '../../api/client.ts';
import { useMe } from '../../app/me.ts';
import { MOST_CARDS, Rest } from '../../ui/board.tsx';
import { Money } from '../../ui/figures.tsx';
import { daysUntil } from '../../ui/format.ts';
import { Due } from '../../ui/marks.tsx';
import { Page } from '../../ui/page.tsx';
import { useRegion, useRegionNames } from '../../ui/region.tsx';
import { Answered } from '../../ui/states.tsx';
import { List } from '../../ui/table.tsx';
import { useView } from '../../ui/view.ts';
import { useWords } from '../../words/language.tsx';
import { Reports } from './reports.tsx';

const view = z.object({
  stage: claimStage.optional(),
  line: lineId.optional(),
  overdue: z.enum(['true']).optional(),
  as: z.enum(['list', 'reports']).optional(),
});
type Line = Answer<'listClaims'>['items'][number];

function useClaims() {
  const region = useRegion();
  const [{ stage, line, overdue }] = useView(view);
  const filters = {
    ...(stage === undefined ? {} : { stage }),
    ...(line === undefined ? {} : { line }),
    ...(overdue === undefined ? {} : { overdue }),
  };
  return useQuery(readAll('listClaims', { query: { region, ...filters, limit: 200 } }));
}

/** The claims of a region: a board by the step each waits at, or a list. */
export function Claims() {
  const { w } = useWords();
  const me = useMe();
  const [{ as }, setView] = useView(view);
  const claims = useClaims();
  return (
    <Page
      title={w.claims}
      about={claims.data === undefined ? undefined : `${claims.data.total} ${w.claimsUnit}`}
      actions={
        <Segmented
          size="small"
          value={as ?? 'board'}
          options={[
            { value: 'board', label: w.asBoard },
            { value: 'list', label: w.asList },
            ...(mayCall(me, 'listReports') ? [{ value: 'reports', label: w.claimReports }] : []),
          ]}
          onChange={(value) => setView({ as: value === 'board' ? undefined : value })}
        />
      }
    >
      {as === 'reports' && mayCall(me, 'listReports') ? <Reports /> : <Taken />}
    </Page>
  );
}

/** The claims there are, by what the address asks for. */
function Taken() {
  const { w, of } = useWords();
  const [{ stage, line, overdue, as }, setView] = useView(view);
  const claims = useClaims();
  return (
    <>
      <div className="filters">
        <Select
          size="small"
          aria-label={w.stage}
          value={stage ?? 'all'}
          style={{ minWidth: 150 }}
          options={[
            { value: 'all', label: `${w.stage}${w.colon}${w.allOf}` },
            ...claimStage.options.map((value) => ({ value, label: of('claimStage', value) })),
          ]}
          onChange={(value) => setView({ stage: value === 'all' ? undefined : value })}
        />
        <Select
          size="small"
          aria-label={w.insuredLine}
          value={line ?? 'all'}
          style={{ minWidth: 150 }}
          options={[
            { value: 'all', label: `${w.insuredLine}${w.colon}${w.allOf}` },
            ...lineId.options.map((value) => ({ value, label: of('line', value) })),
          ]}
          onChange={(value) => setView({ line: value === 'all' ? undefined : value })}
        />
        <Button
          size="small"
          type={overdue === undefined ? 'default' : 'primary'}
          onClick={() => setView({ overdue: overdue === undefined ? 'true' : undefined })}
        >
          {w.onlyOverdue}
        </Button>
      </div>
      <Answered to={claims} empty={({ items }) => items.length === 0}>
        {({ items }) => (as === 'list' ? <Register items={items} /> : <Board items={items} />)}
      </Answered>
    </>
  );
}

const steps = [
  'documents',
  'survey',
  'approval',
  'second-approval',
  'account',
  'payee-approval',
  'payment',
  'confirmation',
  'refusal-notice',
] as const;

/** Columns are the steps claims wait at; what nobody waits for any more stands last. */
function Board({ items }: { items: readonly Line[] }) {
  const { w, of } = useWords();
  const columns = [
    ...steps.map((step) => ({
      key: step as string,
      title: of('step', step),
      inside: items.filter(({ waiting }) => waiting?.step === step),
    })),
    { key: 'ended', title: w.ended, inside: items.filter(({ waiting }) => waiting === null) },
  ];
  return (
    <div className="board">
      {columns
        .filter(({ inside }) => inside.length > 0)
        .map(({ key, title, inside }) => (
          <section key={key}>
            <h2>
              {title} <span className="quiet number">{inside.length}</span>
            </h2>
            {inside.slice(0, MOST_CARDS).map((one) => (
              <Card key={one.id} one={one} />
            ))}
            <Rest of={inside.length} drawn={Math.min(inside.length, MOST_CARDS)} />
          </section>
        ))}
    </div>
  );
}

function Card({ one }: { one: Line }) {
  const { w, of } = useWords();
  const name = useRegionNames();
  const age = -daysUntil(one.reportedAt, serverNow());
  return (
    <Link to="/claims/$id" params={{ id: one.id }} className="card">
      <b>{of('line', one.line)}</b>
      <span>
        {name(one.household.slice(0, 12))} {one.household.slice(13)}
      </span>
      <span>
        {of('claimStage', one.stage)} <Money fen={one.paid?.amount ?? one.approved ?? one.claimed} />
      </span>
      {one.waiting === null ? (
        <span className="quiet number">{one.paid?.on ?? one.eventOn}</span>
      ) : (
        <span>
          <span className="quiet number">
            {age} {w.daysUnit}
          </span>{' '}
          · <Due at={one.waiting.dueAt} overdue={one.waiting.overdue} />
        </span>
      )}
    </Link>
  );
}

function Register({ items }: { items: readonly Line[] }) {
  const { w, of } = useWords();
  const name = useRegionNames();
  return (
    <div className="block">
      <List<Line>
        copy
        tall
        rowKey="id"
        dataSource={[...items]}
        columns={[
          {
            title: w.insuredLine,
            width: 110,
            render: (_value, { id, line }) => (
              <Link to="/claims/$id" params={{ id }}>
                {of('line', line)}
              </Link>
            ),
          },
          {
            title: w.household,
            width: 220,
            render: (_value, { household }) => `${name(household.slice(0, 12), true)} ${household.slice(13)}`,
          },
          { title: w.eventOn, width: 110, className: 'number', dataIndex: 'eventOn' },
          { title: w.stage, width: 110, render: (_value, { stage }) => of('claimStage', stage) },
          {
            title: w.step,
            width: 120,
            render: (_value, { waiting }) => (waiting === null ? '' : of('step', waiting.step)),
          },
          {
            title: w.due,
            width: 110,
            render: (_value, { waiting }) =>
              waiting === null ? '' : <Due at={waiting.dueAt} overdue={waiting.overdue} />,
          },
          { title: w.claimed, width: 130, align: 'right', render: (_value, { claimed }) => <Money fen={claimed} /> },
          { title: w.approved, width: 130, align: 'right', render: (_value, { approved }) => <Money fen={approved} /> },
          { title: w.paid, width: 130, align: 'right', render: (_value, { paid }) => <Money fen={paid?.amount} /> },
        ]}
      />
    </div>
  );
}
