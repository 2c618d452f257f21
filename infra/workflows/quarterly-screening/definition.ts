import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  Choice,
  Condition,
  DistributedMap,
  type IChainable,
  ItemBatcher,
  ProvideItems,
  StateMachineType,
  Succeed,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { TaskStates } from '../../constructs/task-states.ts';
import { calledBy, enteredAt } from '../expressions.ts';
import { batchInput, checkedCounts, openingInput, screenedCounts, startedCounts } from './expressions.ts';

export type ScreeningTask =
  | 'open-round'
  | 'await-early-seal'
  | 'check-coverage'
  | 'remind-villages'
  | 'seal-villages'
  | 'judge-and-seal'
  | 'start-admissions'
  | 'publish-brief'
  | 'check-quality';

/**
 * Villages a child seals. Twenty make one Express execution and one Lambda invocation for about 500 households (5 s here at
 * most), 21 children for a district of 409 villages.
 */
const VILLAGES_A_BATCH = 20;
/** Children at once. Each reads eight villages at a time, so the table sees at most 128 Queries together. */
const CHILDREN_AT_ONCE = 8;

/**
 * 季度排查: open the round → wait for its due date → check coverage → (lagging: remind, wait a day, check again, until the hard
 * deadline) → screen: seal every village → judge and seal the round → start an admission for each new candidate
 * → publish the brief → check the quality of the data. Candidates stay in the table: a second Distributed Map goes over the villages, since inline
 * ~2,700 starts would exhaust the history. A third one checks quality: it reads all that was screened once more, so it needs the same batches, and
 * a child that fails is tried again without the others.
 *
 * History: 52 events without lagging, 6 of them for each of the three maps, and 18 for each of at most 16 days of lagging: far below 25,000.
 */
export function quarterlyScreening(scope: Construct, functions: Record<ScreeningTask, IFunction>): IChainable {
  const states = new TaskStates<ScreeningTask>(scope, (name) => functions[name]);
  const round = { round: '{% $round %}', enteredAt, calledBy };

  const openRound = states.call('Open round', 'open-round', openingInput, {
    timeout: Duration.minutes(15),
    assign: {
      round: '{% $states.result.Payload.round %}',
      villages: '{% $states.result.Payload.villages %}',
      waitSeconds: '{% $states.result.Payload.waitSeconds %}',
    },
  });

  // Ends when the district seals early (POST /v1/rounds/{id}/seal sends the token) or at the due date.
  const token = '{% $states.context.Task.Token %}';
  const awaitDueDate = states.wait('Await due date or early sealing', 'await-early-seal', {
    round: '{% $round %}',
    token,
    enteredAt,
    calledBy,
  });

  const checkCoverage = states.call('Check coverage', 'check-coverage', round, {
    assign: { waitSeconds: '{% $states.result.Payload.waitSeconds %}' },
  });
  const remind = states.call('Remind lagging villages', 'remind-villages', round, { timeout: Duration.minutes(3) });

  const overVillages = (id: string, outputs: string, child: IChainable) =>
    DistributedMap.jsonata(scope, id, {
      items: ProvideItems.jsonata('{% $villages %}'),
      itemBatcher: new ItemBatcher({ maxItemsPerBatch: VILLAGES_A_BATCH, batchInput: { round: '{% $round %}' } }),
      mapExecutionType: StateMachineType.EXPRESS,
      maxConcurrency: CHILDREN_AT_ONCE,
      outputs,
    }).itemProcessor(child);
  const ofVillages = (id: string, name: ScreeningTask) =>
    states.call(id, name, batchInput, { timeout: Duration.minutes(4.5) });

  const screen = overVillages('Screen', screenedCounts, ofVillages('Seal villages', 'seal-villages'));
  const startAdmissions = overVillages(
    'Start admissions',
    startedCounts,
    ofVillages('Start admissions of villages', 'start-admissions'),
  );
  // Last, and without a catch: the round is sealed and its brief published whatever happens here. What outlasts the retries fails the execution for
  // all to see, and a redrive goes on with the children that did not finish.
  const checkQuality = overVillages(
    'Check quality',
    checkedCounts,
    ofVillages('Check quality of villages', 'check-quality'),
  );

  const judgeAndSeal = states.call('Judge and seal', 'judge-and-seal', round, { timeout: Duration.minutes(15) });

  openRound.next(
    Choice.jsonata(scope, 'Is the round ours?')
      .when(
        Condition.jsonata("{% $states.input.outcome = 'found' %}"),
        Succeed.jsonata(scope, 'Carried by another execution'),
      )
      .otherwise(awaitDueDate),
  );
  awaitDueDate.addCatch(checkCoverage, { errors: ['States.Timeout'] });
  awaitDueDate.next(checkCoverage);
  checkCoverage.next(
    Choice.jsonata(scope, 'Is everybody covered?')
      .when(Condition.jsonata("{% $states.input.step = 'seal' %}"), screen)
      .when(Condition.jsonata("{% $states.input.step = 'remind' %}"), remind)
      .otherwise(awaitDueDate),
  );
  remind.next(awaitDueDate);
  screen.next(judgeAndSeal);
  const publish = states.call('Publish brief', 'publish-brief', round, { timeout: Duration.minutes(15) });

  judgeAndSeal.next(startAdmissions);
  startAdmissions.next(publish);
  publish.next(checkQuality);
  checkQuality.next(Succeed.jsonata(scope, 'Round sealed'));
  return openRound;
}
