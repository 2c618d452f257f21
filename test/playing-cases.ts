import type { Visit } from '../functions/contracts/screening/visit.ts';
import { openRound, register, submit, VILLAGE, visitOf, WORKER, worklist } from './playing-households.ts';
import { type Answer, type As, OFFICER, SECOND_OFFICER, type TestStack } from './stack.ts';

export const SECOND_WORKER: As = { account: 'village-worker', region: VILLAGE, person: 2 };
export const TOWN: As = { account: 'town-officer', region: VILLAGE.slice(0, 9) };
/** Gives clues and starts closures, and decides nothing. */
export const PROPOSER: As = { account: 'town-officer', region: VILLAGE.slice(0, 9), person: 9 };
export const HELPER = { account: 'helper-1', name: '陈帮扶', unit: '镇农业办' };
const CONTACT = { account: 'contact-1', name: '林联络', unit: '村委会' };

export interface Registered {
  id: string;
  members: { person: string }[];
}

interface Player {
  as: As;
  verdict: (context: { signedBy: string; today: string; risks: string[] }) => object;
}

/** Who plays each step of either ladder, and what they say when they agree. */
const players: Record<string, Record<string, Player>> = {
  admission: {
    'home-verification': {
      as: WORKER,
      verdict: ({ signedBy, today, risks }) => ({
        verdict: 'approve',
        authorisation: { signedOn: today, signedBy, document: 'photo-1' },
        risks,
      }),
    },
    'data-comparison': { as: OFFICER, verdict: () => ({ verdict: 'approve', caseType: 'unstable-lifted' }) },
    'village-appraisal': { as: SECOND_WORKER, verdict: ({ today }) => ({ verdict: 'approve', votes: votes(today) }) },
    'town-review': { as: TOWN, verdict: () => ({ verdict: 'approve' }) },
    'district-approval': { as: SECOND_OFFICER, verdict: () => ({ verdict: 'approve', helper: HELPER }) },
  },
  closure: {
    'home-verification': { as: WORKER, verdict: () => ({ verdict: 'approve' }) },
    'village-appraisal': { as: SECOND_WORKER, verdict: ({ today }) => ({ verdict: 'approve', votes: votes(today) }) },
    'town-review': { as: TOWN, verdict: () => ({ verdict: 'approve' }) },
    'district-approval': { as: SECOND_OFFICER, verdict: () => ({ verdict: 'approve', monitoringContact: CONTACT }) },
  },
};

function votes(heldOn: string): object {
  return { heldOn, for: 20, against: 1, abstaining: 2 };
}

export interface Pending {
  id: string;
  procedure: string;
  step: string;
  dueAt: string;
  roles: string[];
  overdue: boolean;
  reminded: string[];
  escalatedAt: string | null;
}

/** The one pending decision of a case, whoever's it is. */
export async function pendingOf(stack: TestStack, subject: string): Promise<Pending | undefined> {
  const { body } = await stack.get('/v1/decisions?region=440904&limit=200', { account: 'auditor' });
  return body.items.find((one: { subject: string }) => one.subject === subject);
}

/** These helpers also run in processes of their own, outside the test runner. */
function must({ status, body }: Answer, wanted: number, what: string): void {
  if (status !== wanted) throw new Error(`${what} answered ${status} ${JSON.stringify(body)}`);
}

export function today(stack: TestStack): string {
  return new Date(stack.local.clock.now() + 8 * 3_600_000).toISOString().slice(0, 10);
}

/** Who decides a pending step, and their consent. */
export function playing(
  stack: TestStack,
  { procedure, step }: Pending,
  signedBy: string,
  risks = ['illness'],
): { as: As; verdict: object } {
  const player = players[procedure]?.[step];
  if (player === undefined) throw new Error(`Nobody plays ${step}.`);
  return { as: player.as, verdict: player.verdict({ signedBy, today: today(stack), risks }) };
}

/** Gives everybody's consent to the pending step and lets the workflow go on. */
export async function agree(
  stack: TestStack,
  subject: string,
  household: Registered,
  risks?: string[],
): Promise<{ step: string; answer: Answer }> {
  const pending = await pendingOf(stack, subject);
  if (pending === undefined) throw new Error(`Nothing is pending for ${subject}.`);
  const { as, verdict } = playing(stack, pending, household.members[0]?.person ?? '', risks);
  const answer = await stack.post(`/v1/decisions/${pending.id}`, as, { verdict });
  must(answer, 200, pending.step);
  await stack.settle();
  return { step: pending.step, answer };
}

/** Agrees at every step up to `step`, which then is pending; without it, to the end. The notice stands its time in between. */
export async function agreeUntil(
  stack: TestStack,
  subject: string,
  household: Registered,
  step?: string,
  risks?: string[],
): Promise<void> {
  for (;;) {
    const pending = await pendingOf(stack, subject);
    if (pending?.step === step && step !== undefined) return;
    const { body } = await stack.get(`/v1/cases/${subject}`, OFFICER);
    if (body.review === null) return;
    if (pending === undefined && body.review.step === 'public-notice') {
      if (step === 'public-notice') return;
      await stack.settle(6 * 86_400);
    } else await agree(stack, subject, household, risks);
  }
}

/** A clue by an officer who decides nothing, and the case whose admission it starts. */
export async function admissionOf(stack: TestStack, household: Registered): Promise<string> {
  const { status, body } = await stack.post('/v1/clues', PROPOSER, {
    household: household.id,
    reason: '走访发现重病住院',
  });
  must({ status, body }, 201, 'clue');
  // The workflow is started by the five-minute sweep.
  await stack.settle(301);
  return body.case;
}

/** Registers and visits households of one village in an open round. */
export async function visited(stack: TestStack, count: number, round = '2023Q4'): Promise<Registered[]> {
  await register(stack, count, VILLAGE, 2);
  await openRound(stack, round);
  const found = await worklist(stack, VILLAGE, round);
  await submit(
    stack,
    found.map((household) => visitOf(household, { round, visitedOn: today(stack) })),
    { round },
  );
  return found;
}

/** Ends the open round with everybody in it visited, and lets its workflow finish. */
export async function sealRound(stack: TestStack, round: string): Promise<void> {
  const { status, body } = await stack.post(`/v1/rounds/${round}/seal`, OFFICER);
  must({ status, body }, 202, 'seal');
  await stack.settle(60);
}

/** Opens a round on the eleventh at ten o'clock, visits every household of the village as `changes` says, and seals it. */
export async function screen(
  stack: TestStack,
  round: string,
  changes: (household: Registered) => Partial<Visit> = () => ({}),
): Promise<void> {
  const day = `${round.slice(0, 4)}-${{ Q1: '01', Q2: '04', Q3: '07', Q4: '10' }[round.slice(4)]}-11`;
  if (Date.parse(`${day}T10:00:00+08:00`) > stack.local.clock.now()) await stack.advance(`${day}T10:00:00+08:00`);
  await openRound(stack, round);
  const found = await worklist(stack, VILLAGE, round);
  const visits = found.map((household) => {
    const base = visitOf(household, {
      round,
      visitedOn: today(stack),
      recordedAt: new Date(stack.local.clock.now()).toISOString(),
    });
    return { ...base, ...changes(household) };
  });
  const { body } = await submit(stack, visits, { round });
  if (body.refused !== 0) throw new Error(`Visits were refused: ${JSON.stringify(body)}`);
  await sealRound(stack, round);
}
