import { describe, expect, it } from 'vitest';
import type { WorkflowName } from '../../functions/contracts/workflows.ts';
import { allStates, deployed, waysOf } from './deployed.ts';
import { type Play, type Played, play } from './playing-machines.ts';
import { plays } from './plays.ts';

/** What a state's call may come to that passes by itself: of Lambda, of the sandbox, of the table, of keys, of the event bus, of a bad line. */
const PASSING = [
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.Unknown',
  'Sandbox.Timedout',
  'NetworkFailed',
  'TableThrottled',
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
  'InternalServerError',
  'TransactionInProgressException',
  'TransactionConflictException',
  'KMSInternalException',
  'DependencyTimeoutException',
  'KeyUnavailableException',
  'ExecutionLimitExceeded',
  'EventsNotTaken',
  'DocumentsUnavailable',
  'InternalException',
  'InternalFailure',
  'ServiceUnavailable',
  'TimeoutError',
];

/** A retry policy tries six times. */
const TRIES = 6;
const workflows: readonly WorkflowName[] = [
  'case-admission',
  'case-closure',
  'claim-settlement',
  'quarterly-screening',
];

function playsOf(workflow: WorkflowName): readonly Play[] {
  return plays.filter((one) => one.workflow === workflow);
}

/** The undisturbed run of each, and the first of a workflow's that calls a function in a state. */
const undisturbed = new Map<Play, Played>();
async function rehearsed(one: Play): Promise<Played> {
  const known = undisturbed.get(one) ?? (await play(one));
  undisturbed.set(one, known);
  return known;
}

async function through(workflow: WorkflowName, state: string): Promise<Play> {
  for (const one of playsOf(workflow)) if ((await rehearsed(one)).calls.has(state)) return one;
  throw new Error(`No play of ${workflow} comes through ${state}.`);
}

function tasksOf(workflow: WorkflowName): string[] {
  return allStates(deployed(workflow)).flatMap(([name, { Type }]) => (Type === 'Task' ? [name] : []));
}

describe.each(workflows)('%s, as the template deploys it,', (workflow) => {
  it('is played through every state and every way out of one, caught errors too', async () => {
    const machine = deployed(workflow);
    const all = await Promise.all(playsOf(workflow).map(rehearsed));
    expect(all.map(({ outcome }) => outcome.status)).toEqual(all.map(() => 'SUCCEEDED'));
    const seen = new Set(all.flatMap(({ ways }) => [...ways]));
    expect([...waysOf(machine)].filter((way) => !seen.has(way))).toEqual([]);
    const entered = new Set(all.flatMap((one) => [...one.entered, ...one.calls.keys()]));
    expect(allStates(machine).filter(([name]) => !entered.has(name))).toEqual([]);
  });

  it.each(tasksOf(workflow))(
    '%s outlasts each error that passes by itself, whether its work was done or not',
    async (state) => {
      const one = await through(workflow, state);
      const { outcome, entered } = await rehearsed(one);
      for (let first = 0; first < PASSING.length; first += TRIES) {
        const errors = PASSING.slice(first, first + TRIES);
        // To the machine both are the same; to the tasks they are not, and the histories of test/simulation let both happen.
        const disturbed = await play(one, { state, errors, isDone: first === TRIES });
        expect([errors, disturbed.outcome, disturbed.entered]).toEqual([errors, outcome, entered]);
      }
    },
  );

  it.each(tasksOf(workflow))(
    '%s tries no longer than its policy says, and no error of its own making again',
    async (state) => {
      const one = await through(workflow, state);
      const lasting = await play(one, { state, errors: Array.from({ length: 50 }, () => 'TableThrottled') });
      expect(lasting.outcome.status).toBe('FAILED');
      const children = ((await rehearsed(one)).calls.get(state) ?? 0) > 1 && !lasting.entered.includes(state);
      if (!children) expect(lasting.calls.get(state)).toBe(TRIES + 1);
      const wrong = await play(one, { state, errors: ['TypeError'] });
      expect(wrong.outcome.status).toBe('FAILED');
    },
  );
});
