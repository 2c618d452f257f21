import { FIVE_BYTES } from '../papers.ts';
import type { As } from '../stack.ts';
import { AUDITOR, all, type Move, OFFICER, type Scene, sendSomehow, town, worker } from './scene.ts';
import type { Request } from './stage.ts';

const ADJUSTER: As = { account: 'insurer-adjuster' };
const approver = (person: number): As => ({ account: 'insurer-approver', person });

interface Listed {
  id: string;
  household: string;
  stage: string;
  reportedAt: string;
  eventOn: string;
}

/** In the order in which they were reported: their ids differ from ground to ground. */
async function claimsOf({ stage }: Scene): Promise<Listed[]> {
  const claims: Listed[] = await all(stage, '/v1/claims?region=440904&limit=200');
  const order = ({ reportedAt, household, eventOn, stage: at }: Listed) => [reportedAt, household, eventOn, at].join();
  return claims.toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
}

async function someClaim(scene: Scene, fits: (claim: Listed) => boolean) {
  const { stage, random } = scene;
  const fitting = (await claimsOf(scene)).filter(fits);
  if (fitting.length === 0) return undefined;
  const { status, body } = await stage.get(OFFICER, `/v1/claims/${random.pick(fitting).id}`);
  return status === 200 ? body : undefined;
}

const isOpen = ({ stage }: Listed) => !['closed', 'rejected', 'withdrawn', 'appealed'].includes(stage);

/** An illness; the same bill may be presented by the village, and by the family itself. */
const report: Move = async (scene) => {
  const { stage, random, ground } = scene;
  const households: { id: string; members: { person: string }[] }[] = await all(
    stage,
    '/v1/households?region=440904&limit=50',
  );
  if (households.length === 0) return;
  const { id, members } = random.pick(households);
  if (members.length === 0) return;
  const { person } = random.pick(members);
  const event = { line: 'illness', eventOn: stage.today(-random.int(0, 3)), invoices: [] };
  const known = ground.people.get(person);
  const request: Request =
    random.chance(0.7) || known === undefined
      ? { as: worker(id.slice(0, 12)), method: 'POST', path: '/v1/claims', body: { household: id, person, ...event } }
      : { as: 'anybody', method: 'POST', path: '/v1/claim-reports', body: { ...known, ...event } };
  await sendSomehow(scene, request);
};

/** Whoever's turn it is takes the next step. */
const proceed: Move = async (scene) => {
  const { stage, random } = scene;
  const claim = await someClaim(scene, isOpen);
  if (claim === undefined) return;
  const path = `/v1/claims/${claim.id}/steps`;
  const step = (as: As, what: object): Request => ({ as, method: 'POST', path, body: { turn: claim.turn, ...what } });
  const amount = claim.adjudication?.amount ?? 0;
  switch (claim.waiting?.step) {
    case 'survey': {
      const total = random.int(600_000, 4_000_000);
      const bill = { invoice: `INV-${claim.id.slice(6, 14)}`, total, reimbursed: 0, excluded: 0 };
      const facts = { line: claim.line, bills: [bill] };
      const surveyed = { step: 'survey', visitedOn: stage.today(), facts };
      const asked = { step: 'request-documents', kinds: [] };
      await sendSomehow(scene, step(ADJUSTER, random.chance(0.3) ? asked : surveyed));
      return;
    }
    case 'approval':
    case 'second-approval':
    case 'payee-approval': {
      const mood = random.next();
      const what =
        mood < 0.1
          ? { step: 'reject', code: 'investigation-negative', reason: '调查不属实，不予赔付' }
          : mood < 0.2
            ? { step: 'send-back', reason: '请重新核对票据' }
            : { step: 'approve', amount };
      const requests = [step(approver(random.int(1, 3)), what), step(approver(random.int(1, 3)), what)];
      if (random.chance(0.3)) await stage.race(requests);
      else await sendSomehow(scene, requests[0] ?? step(approver(1), what));
      return;
    }
    default:
      if (random.chance(0.15))
        await sendSomehow(scene, step(worker(claim.household), { step: 'withdraw', reason: '家属不再申请' }));
  }
};

const papers: Move = async (scene) => {
  const { stage } = scene;
  const claim = await someClaim(scene, isOpen);
  for (const { anyOf, count } of claim?.missing ?? [])
    for (const kind of anyOf.slice(0, count)) {
      const paper = { kind, type: 'image/jpeg', bytes: 5, name: `${kind}.jpg` };
      const as = worker(claim.household.slice(0, 12));
      const { status, body: place } = await stage.post(as, `/v1/claims/${claim.id}/documents`, paper);
      if (status !== 201) continue;
      await fetch(place.url, { method: 'PUT', headers: place.headers, body: FIVE_BYTES }).catch(() => undefined);
      await sendSomehow(scene, {
        as,
        method: 'POST',
        path: `/v1/claims/${claim.id}/documents/${place.document}`,
        body: paper,
      });
    }
};

const payee: Move = async (scene) => {
  const { random, ground } = scene;
  const claim = await someClaim(scene, isOpen);
  if (claim === undefined) return;
  const name = ground.people.get(claim.person)?.name ?? '测试';
  const account = `6217${String(random.int(1, 3)).padStart(15, '0')}`;
  const body = { kind: 'member', person: claim.person, name, bank: '示例农村商业银行', account };
  const as = worker(claim.household.slice(0, 12), random.int(1, 2));
  await sendSomehow(scene, { as, method: 'POST', path: `/v1/claims/${claim.id}/payee`, body });
};

/** Everything approved is instructed, by one or by two at the same moment. */
const pay: Move = async (scene) => {
  const { stage, random, ground } = scene;
  const ready = (await claimsOf(scene)).filter(
    (claim) => claim.stage === 'approved' || claim.stage === 'payment-returned',
  );
  if (ready.length === 0) return;
  const chosen = random.chance(0.5) ? ready.slice(0, 1) : ready;
  let sum = 0;
  for (const { id } of chosen) sum += (await stage.get(OFFICER, `/v1/claims/${id}`)).body?.approved?.amount ?? 0;
  const body = {
    policy: ground.policy,
    executionOn: stage.today(),
    claims: chosen.map(({ id }) => id),
    count: chosen.length,
    sum: Math.max(1, sum),
  };
  const request = (person: number): Request => ({
    as: approver(person),
    method: 'POST',
    path: '/v1/payouts/batches',
    body,
  });
  if (random.chance(0.3)) await stage.race([request(3), request(4)]);
  else await sendSomehow(scene, request(random.int(3, 4)));
};

/** The bank tells of payments: late, twice, out of order, of wrong sums, and of payments that are not ours. */
const confirm: Move = async (scene) => {
  const { stage, random } = scene;
  const batches: { id: string }[] = await all(stage, '/v1/payouts/batches');
  const payouts: { endToEndId: string; amount: number }[] = [];
  for (const { id } of batches)
    payouts.push(...((await stage.get(AUDITOR, `/v1/payouts/batches/${id}`)).body?.payouts ?? []));
  if (payouts.length === 0) return;
  const items = random.shuffle(payouts).map(({ endToEndId, amount }) => {
    const status = random.pick(['accepted', 'settled', 'settled', 'settled', 'returned']);
    return {
      endToEndId: random.chance(0.05) ? '0123456789abcdef-01' : endToEndId,
      amount: random.chance(0.05) ? amount + 1 : amount,
      on: stage.today(),
      status,
      ...(status === 'returned' ? { reason: 'AC04' } : {}),
    };
  });
  const body = { items: items.slice(0, random.int(1, items.length)) };
  await sendSomehow(scene, { as: { account: 'bank' }, method: 'POST', path: '/v1/payouts/confirmations', body });
};

const refused: Move = async (scene) => {
  const claim = await someClaim(scene, ({ stage }) => stage === 'rejected');
  if (claim === undefined) return;
  const as = worker(claim.household.slice(0, 12));
  if (scene.random.chance(0.5)) {
    const body = { step: 'notify-refusal', turn: claim.turn, on: scene.stage.today() };
    await sendSomehow(scene, { as, method: 'POST', path: `/v1/claims/${claim.id}/steps`, body });
  } else
    await sendSomehow(scene, {
      as: scene.random.pick([as, town(claim.household)]),
      method: 'POST',
      path: `/v1/claims/${claim.id}/appeal`,
      body: { reason: '对拒赔结论有异议' },
    });
};

export const claimMoves: Record<string, [weight: number, Move]> = {
  report: [6, report],
  proceed: [16, proceed],
  papers: [5, papers],
  payee: [4, payee],
  pay: [6, pay],
  confirm: [6, confirm],
  refused: [2, refused],
};
