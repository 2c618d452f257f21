import { Aws, Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import {
  Choice,
  Condition,
  CustomState,
  DistributedMap,
  type IChainable,
  ItemBatcher,
  ProvideItems,
  StateMachineType,
  Succeed,
  TaskInput,
  Timeout,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { transientFailures } from '../../constructs/retry-policies.ts';
import { checkedCounts, openingInput, screenedCounts, startedCounts, waitSeconds } from './expressions.ts';

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
  const task = (
    id: string,
    name: ScreeningTask,
    timeout: Duration,
    payload: TaskInput,
    more: { assign?: Record<string, string> } = {},
  ) =>
    LambdaInvoke.jsonata(scope, id, {
      lambdaFunction: functions[name],
      payload,
      taskTimeout: Timeout.duration(timeout),
      // Only what is named is retried: CDK's default would also retry what we did not think of.
      retryOnServiceExceptions: false,
      outputs: '{% $states.result.Payload %}',
      ...more,
    }).addRetry(transientFailures);
  const round = TaskInput.fromObject({ round: '{% $round %}' });

  const openRound = task('Open round', 'open-round', Duration.minutes(15), TaskInput.fromText(openingInput), {
    assign: {
      round: '{% $states.result.Payload.round %}',
      villages: '{% $states.result.Payload.villages %}',
      waitSeconds: '{% $states.result.Payload.waitSeconds %}',
    },
  });

  // Ends when the district seals early (POST /v1/rounds/{id}/seal sends the token) or, by its timeout, at the due date.
  // Written out: for a JSONata machine CDK renders an expression as `TimeoutSecondsPath`, which Step Functions refuses.
  const awaitDueDate = new CustomState(scope, 'Await due date or early sealing', {
    stateJson: {
      Type: 'Task',
      Resource: `arn:${Aws.PARTITION}:states:::lambda:invoke.waitForTaskToken`,
      Arguments: {
        FunctionName: functions['await-early-seal'].functionArn,
        Payload: { round: '{% $round %}', token: '{% $states.context.Task.Token %}' },
      },
      TimeoutSeconds: waitSeconds,
    },
  }).addRetry(transientFailures);

  const checkCoverage = task('Check coverage', 'check-coverage', Duration.seconds(60), round, {
    assign: { waitSeconds: '{% $states.result.Payload.waitSeconds %}' },
  });
  const remind = task('Remind lagging villages', 'remind-villages', Duration.minutes(3), round);

  const overVillages = (id: string, outputs: string, child: IChainable) =>
    DistributedMap.jsonata(scope, id, {
      items: ProvideItems.jsonata('{% $villages %}'),
      itemBatcher: new ItemBatcher({ maxItemsPerBatch: VILLAGES_A_BATCH, batchInput: { round: '{% $round %}' } }),
      mapExecutionType: StateMachineType.EXPRESS,
      maxConcurrency: CHILDREN_AT_ONCE,
      outputs,
    }).itemProcessor(child);
  const ofVillages = (id: string, name: ScreeningTask) =>
    task(id, name, Duration.minutes(4.5), TaskInput.fromText('{% $states.input %}'));

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

  const judgeAndSeal = task('Judge and seal', 'judge-and-seal', Duration.minutes(15), round);

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
  const publish = task('Publish brief', 'publish-brief', Duration.minutes(15), round);

  judgeAndSeal.next(startAdmissions);
  startAdmissions.next(publish);
  publish.next(checkQuality);
  checkQuality.next(Succeed.jsonata(scope, 'Round sealed'));
  return openRound;
}
