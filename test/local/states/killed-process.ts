import { appendFileSync } from 'node:fs';
import { Clock } from '../../../local/clock.ts';
import { type ServiceCall, States } from '../../../local/states/index.ts';

/**
 * A process of its own that runs a machine, and kills itself with SIGKILL right after the n-th event it writes:
 * `node killed-process.ts <store> <effects> <machine.json> <n>`; n = 0 lives to the end, prints what the execution came to, and
 * how many events it wrote. Every call of a function appends its step to <effects>.
 */
const [file = '', effects = '', machine = '', kill = '0'] = process.argv.slice(2);
const ARN = 'arn:aws:states:us-east-1:123456789012:stateMachine:machine';
/** Virtual, so that no retry makes the test wait. */
const clock = new Clock({ mode: 'virtual', start: Date.UTC(2025, 0, 1) });
let events = 0;
/** How often each step was asked for in this process: a flaky one fails the first time. */
const calls = new Map<string, number>();

const call: ServiceCall = async ({ service, action, input }) => {
  if (service === 'states') return await states.handle(action, input);
  const payload = input['Payload'];
  const step = typeof payload === 'object' && payload !== null && 'step' in payload ? String(payload.step) : '';
  appendFileSync(effects, `${step}\n`);
  const made = (calls.get(step) ?? 0) + 1;
  calls.set(step, made);
  if (step.startsWith('flaky') && made === 1)
    return { StatusCode: 200, FunctionError: 'Unhandled', Payload: { errorType: 'Flaky', errorMessage: step } };
  return { StatusCode: 200, Payload: { step } };
};

const states: States = new States({
  file,
  call,
  clock,
  region: 'us-east-1',
  accountId: '123456789012',
  partition: 'aws',
  services: new Set(['sfn']),
  onEvent: () => {
    events += 1;
    if (events === Number(kill)) process.kill(process.pid, 'SIGKILL');
  },
});
states.put({ name: 'machine', type: 'STANDARD', roleArn: 'arn:aws:iam::123456789012:role/r', definition: machine });
states.recover();
const started = await states
  .handle('StartExecution', { stateMachineArn: ARN, name: 'run', input: '{}' })
  .catch(() => ({ executionArn: ARN.replace(':stateMachine:', ':execution:').concat(':run') }));
for (;;) {
  const told = await states.handle('DescribeExecution', { executionArn: started['executionArn'] });
  if (told['status'] !== 'RUNNING') {
    process.stdout.write(
      JSON.stringify({ status: told['status'], output: told['output'], error: told['error'], events }),
    );
    break;
  }
  await clock.advance(clock.now() + 1000);
}
states.close();
