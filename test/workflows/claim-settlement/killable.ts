import { FIVE_BYTES } from '../../papers.ts';
import { illness } from '../../playing-claims.ts';
import { VILLAGE, WORKER } from '../../playing-households.ts';
import { type As, OFFICER, TestStack } from '../../stack.ts';

/**
 * A claim played to its end in a process that a test can kill: with KILL_EVENT it ends itself by SIGKILL right after that event of the workflow's
 * history, or the next one there is, was committed. Started again it plays on from where the claim stands. The survey is left lying until it is
 * escalated, papers are asked for, and the first payment comes back, so that every state and the way round is passed.
 */
const killAt = Number(process.env['KILL_EVENT'] ?? Number.NaN);
const id = process.env['CLAIM'] ?? '';
const account = '6217000000000000123';
const ADJUSTER: As = { account: 'insurer-adjuster' };
const APPROVER: As = { account: 'insurer-approver' };
const stack = await TestStack.start({
  data: process.env['DATA'] ?? '',
  onEvent: ({ executionArn, id: event }) => {
    if (executionArn.includes('claim-settlement') && event >= killAt) process.kill(process.pid, 'SIGKILL');
  },
});
const path = `/v1/claims/${id}`;
const facts = illness(3_500_000, 'DB-6001');

for (;;) {
  await stack.settle(301);
  const { body: claim } = await stack.get(path, OFFICER);
  if (claim.stage === 'closed') break;
  if (claim.waiting !== null) await act(claim);
}

async function act(claim: {
  turn: number;
  requested: object | null;
  missing: unknown[];
  adjudication: { amount: number } | null;
  approvals: unknown[];
  payouts: string[];
  household: string;
  person: string;
  policy: string;
  waiting: { step: string; overdue: boolean };
}): Promise<void> {
  const { turn, waiting } = claim;
  const amount = claim.adjudication?.amount ?? 0;
  const take = (as: As, step: object) => stack.post(`${path}/steps`, as, { turn, ...step });
  switch (waiting.step) {
    case 'survey':
      if (claim.requested === null) await take(ADJUSTER, { step: 'request-documents', kinds: [] });
      else if (!waiting.overdue) await stack.settle(86_400);
      else await take(ADJUSTER, { step: 'survey', visitedOn: '2023-11-20', facts });
      return;
    case 'documents':
      for (const kind of ['invoice', 'itemised-bill', 'medical-record']) await paper(kind);
      return;
    case 'approval':
    case 'payee-approval':
      await take({ ...APPROVER, person: claim.approvals.length + 1 }, { step: 'approve', amount });
      return;
    case 'second-approval':
      await take({ ...APPROVER, person: 2 }, { step: 'approve', amount });
      return;
    case 'account':
      await stack.post(`${path}/payee`, WORKER, {
        kind: 'member',
        person: claim.person,
        name: '测试1',
        bank: '示例银行',
        account,
      });
      return;
    case 'payment': {
      const day = today();
      await stack.post(
        '/v1/payouts/batches',
        { ...APPROVER, person: 3 },
        {
          policy: claim.policy,
          executionOn: day,
          claims: [id],
          count: 1,
          sum: amount,
        },
      );
      return;
    }
    default: {
      const endToEndId = claim.payouts.at(-1);
      const word = claim.payouts.length === 1 ? { status: 'returned', reason: 'AC04' } : { status: 'settled' };
      await stack.post(
        '/v1/payouts/confirmations',
        { account: 'bank' },
        { items: [{ endToEndId, amount, on: today(), ...word }] },
      );
    }
  }
}

/** Asia/Shanghai */
function today(): string {
  return new Date(stack.local.clock.now() + 8 * 3_600_000).toISOString().slice(0, 10);
}

async function paper(kind: string): Promise<void> {
  const announced = { kind, type: 'image/jpeg', bytes: 5, name: `${kind}.jpg` };
  const { body: place } = await stack.post(`${path}/documents`, WORKER, announced);
  await fetch(place.url, { method: 'PUT', headers: place.headers, body: FIVE_BYTES });
  await stack.post(`${path}/documents/${place.document}`, WORKER, announced);
}

const { body: ended } = await stack.get(path, OFFICER);
const { body: policies } = await stack.get('/v1/policies', OFFICER);
const { body: household } = await stack.get(`/v1/households/${ended.household}`, OFFICER);
process.send?.({
  stage: ended.stage,
  kinds: ended.timeline.map(({ kind }: { kind: string }) => kind),
  payouts: ended.payouts,
  paid: ended.paid.amount,
  policy: [policies.items[0].reserved, policies.items[0].paid],
  ownPayouts: household.ownPayouts,
  clues: (await stack.get(`/v1/cases?region=${VILLAGE}`, OFFICER)).body.items.length,
  inbox: (await stack.get('/v1/decisions?region=440904&procedure=settlement', { account: 'auditor' })).body.total,
});
await stack.stop({ keep: true });
process.exit(0);
