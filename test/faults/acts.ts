import { readCase } from '../../functions/store/cases/cases.ts';
import { FIVE_BYTES } from '../papers.ts';
import { PROPOSER, playing } from '../playing-cases.ts';
import { illness, insureWith, registerFamilies, rosterOf, step } from '../playing-claims.ts';
import { register, submit, VILLAGE, visitOf, WORKER, worklist } from '../playing-households.ts';
import { type As, OFFICER, type TestStack } from '../stack.ts';
import type { Act, Exhaustion, Looking } from './exhaust.ts';

const DAY = 86_400_000;
const ADJUSTER: As = { account: 'insurer-adjuster' };
const APPROVER: As = { account: 'insurer-approver' };

type Look = (act: Act) => Promise<unknown>;

/** A round from its opening to the rules of data quality, with a household visited and one that nobody came to; both are candidates or missed. */
export async function screening(stack: TestStack, look: Look): Promise<void> {
  const round = { round: '2023Q4' };
  const act = (name: string, input: object, later = 0): Act => ({
    workflow: 'quarterly-screening',
    task: `quarterly-screening/${name}`,
    input,
    later,
  });
  await register(stack, 2);
  await look(act('open-round', { ...round, execution: 'execution' }));
  await look(act('await-early-seal', { ...round, token: 'token' }));
  const poor = { wages: 9_900, business: 0, property: 0, transfer: 0, businessCosts: 0 };
  const [first] = await worklist(stack);
  if (first === undefined) throw new Error('The worklist is empty.');
  await submit(stack, [visitOf(first, { income: poor })]);
  await look(act('check-coverage', round));
  await look(act('remind-villages', round, 21 * DAY));
  // Admissions that are started wait outside until the end: their tasks are looked at by themselves.
  const batch = { BatchInput: round, Items: [VILLAGE] };
  for (const [name, input] of [
    ['seal-villages', batch],
    ['judge-and-seal', round],
    ['start-admissions', batch],
    ['publish-brief', round],
    ['check-quality', batch],
  ] as const)
    await look({ ...act(name, input, 22 * DAY), isSwept: name === 'start-admissions' });
}

/** An admission from its first step, reminded and escalated, to the end of its notice. */
export async function admission(stack: TestStack, look: Look): Promise<void> {
  const [household] = await registered(stack);
  const { body } = await stack.post('/v1/clues', PROPOSER, { household: household.id, reason: '走访发现重病住院' });
  const subject = body.case;
  const startedAt = (await readCase(subject))?.review?.startedAt;
  const input = { case: subject, procedure: 'admission', startedAt };
  const act = (name: string, more: object = {}, later = 0): Act => ({
    workflow: 'case-admission',
    task: `review-ladder/${name}`,
    input: { ...input, ...more },
    later,
  });
  for (let isFirst = true; ; isFirst = false) {
    const next = Object(await look(act('what-stands-next')));
    const { turn } = next;
    if (next.next !== 'decide') break;
    await look(act('await-decision', { turn, token: `token-${turn}` }));
    if (isFirst) {
      await look(act('watch-clock', { turn }, 2 * DAY));
      await look(act('watch-clock', { turn }, 4 * DAY));
    }
    const { body: inbox } = await stack.get('/v1/decisions?region=440904&limit=200', { account: 'auditor' });
    const pending = inbox.items.find((one: { subject: string }) => one.subject === subject);
    const { as, verdict } = playing(stack, pending, household.members[0]?.person ?? '');
    const answer = await stack.post(`/v1/decisions/${pending.id}`, as, { verdict });
    if (answer.status !== 200) throw new Error(`${pending.step} answered ${answer.status} ${answer.body.code}.`);
  }
  const { turn } = Object(await look(act('what-stands-next')));
  await look(act('publish-notice', { turn }));
  await look(act('conclude-notice', { turn }, 7 * DAY));
}

/** A claim from its cover to its close, reminded, approved, instructed and settled. */
export async function settlement(stack: TestStack, look: Look): Promise<void> {
  const [family] = await registerFamilies(stack, 1);
  if (family === undefined) throw new Error('Nobody is registered.');
  const policy = await insureWith(stack, rosterOf([family]));
  const [parent] = family.people;
  const invoices = [{ number: 'DB-7001', total: 1_000_000 }];
  const event = {
    household: family.household,
    person: parent?.person,
    line: 'illness',
    eventOn: '2023-10-10',
    invoices,
  };
  const { id } = (await stack.post('/v1/claims', WORKER, event)).body;
  const stand = async () => (await stack.get(`/v1/claims/${id}`, OFFICER)).body;
  const act = async (name: string, more: object = {}, later = 0): Promise<Act> => {
    const { turn } = await stand();
    const asked = name === 'claim-next' ? {} : { turn };
    return {
      workflow: 'claim-settlement',
      task: `claim-settlement/${name}`,
      input: { claim: id, run: 0, ...asked, ...more },
      later,
    };
  };
  const must = ({ status, body }: { status: number; body: { code?: string } }) => {
    if (status >= 300) throw new Error(`A step of the claim answered ${status} ${body.code}.`);
  };
  await look(await act('claim-next'));
  await look(await act('check-cover'));
  await look(await act('await-claim-step', { token: 'survey' }));
  await look(await act('watch-claim', {}, DAY));
  await look(await act('watch-claim', {}, 9 * DAY));
  for (const kind of ['invoice', 'itemised-bill', 'medical-record']) {
    const announced = { kind, type: 'image/jpeg', bytes: 5, name: `${kind}.jpg` };
    const { body: place } = await stack.post(`/v1/claims/${id}/documents`, WORKER, announced);
    await fetch(place.url, { method: 'PUT', headers: place.headers, body: FIVE_BYTES });
    must(await stack.post(`/v1/claims/${id}/documents/${place.document}`, WORKER, announced));
  }
  const facts = illness(900_000, 'DB-7001');
  const day = new Date(stack.local.clock.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  must(await step(stack, await stand(), ADJUSTER, { step: 'survey', visitedOn: day, facts }));
  await look(await act('adjudicate-claim'));
  await look(await act('await-claim-step', { token: 'approval' }));
  const { amount } = (await stand()).adjudication;
  must(await step(stack, await stand(), APPROVER, { step: 'approve', amount }));
  const payee = {
    kind: 'member',
    person: parent?.person,
    name: parent?.name,
    bank: '示例银行',
    account: '6217000000000000123',
  };
  must(await stack.post(`/v1/claims/${id}/payee`, WORKER, payee));
  if ((await stand()).waiting?.step === 'payee-approval')
    must(await step(stack, await stand(), { ...APPROVER, person: 2 }, { step: 'approve', amount }));
  await look(await act('claim-next'));
  const batch = { policy, executionOn: day, claims: [id], count: 1, sum: amount };
  must(await stack.post('/v1/payouts/batches', { ...APPROVER, person: 3 }, batch));
  await look(await act('await-claim-step', { token: 'confirmation' }));
  const items = [{ endToEndId: (await stand()).payouts.at(-1), status: 'settled', amount, on: day }];
  must(await stack.post('/v1/payouts/confirmations', { account: 'bank' }, { items }));
  await look(await act('close-claim'));
  const { stage } = await stand();
  if (stage !== 'closed') throw new Error(`The claim stands at ${stage}.`);
}

async function registered(stack: TestStack) {
  await register(stack, 1, VILLAGE, 2);
  const { body } = await stack.get(`/v1/households?region=${VILLAGE}`, OFFICER);
  return body.items;
}

export const WAYS = { screening, admission, settlement };
export type Way = keyof typeof WAYS;

/** Plays a way with every task of it looked at. */
export async function along(way: Way, stack: TestStack, exhaustion: Exhaustion, options: Looking): Promise<void> {
  await exhaustion.useTable();
  await WAYS[way](stack, (act) => exhaustion.look(act, options));
}
