import { globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';

/** Names where stacks write which rights their roles have and used; test/stack.ts hands it on. */
export const USES_FOLDER = 'SHOUWANG_TEST_USES';

/** Everything that differs, the last time the tests ran. */
const LIST = 'coverage/grants.txt';

/** Rights that no call on this machine can use, and why they must be there all the same. */
const ELSEWHERE: readonly (readonly [granted: RegExp, reason: string])[] = [
  [/ logs:(CreateLogStream|PutLogEvents) /, 'Lambda writes the log of a function by its role.'],
  [/ logs:\w+ \*$/, 'Step Functions delivers the log of a machine by its role.'],
  [/ kms:DescribeKey /, 'DynamoDB asks it of whoever opens a table under a customer’s key.'],
  [/ sqs:SendMessage /, 'Lambda and Scheduler put away by the role what they could not deliver.'],
  [
    /^QuarterlyScreeningRole\w+ states:\w+Execution /,
    'Step Functions starts the children of a Distributed Map by it, and looks after them.',
  ],
  [
    / states:SendTaskSuccess /,
    'Which machine gave out a token is not asked on this machine: the first that a role may tell stands for all of them.',
  ],
  [
    /^DeliverDecisionsRole\w+ states:StartExecution \S+case-closure$/,
    'A closure whose start was lost is one of the sweep’s starts.',
  ],
  [
    /^CaseClosureRole\w+ lambda:InvokeFunction \S+watch-clock:live$/,
    'A closure left lying is played on the interpreter (test/workflows/machines.test.ts); its task is the admission’s.',
  ],
  [
    /^StartAdmissionsRole\w+ dynamodb:Query /,
    'A sheet of more than 2,000 rows is in parts (test/store/screening/sheets.test.ts).',
  ],
  [/ s3:GetObjectTagging /, 'Asked only where a scanner tags what was put (PaperScan).'],
  [/^CustomCDKBucketDeployment/, 'CDK puts the pages into their bucket by it, when it deploys.'],
  [/^Release/, 'CodeDeploy lets releases in by it.'],
];

interface Written {
  granted: string[];
  used: string[];
  refused: string[];
}

/** Compares, after a whole run, the rights of all roles with those that were used: what differs fails the run. */
export class Grants implements Reporter {
  #folder = '';

  onInit(): void {
    this.#folder = mkdtempSync(join(tmpdir(), 'shouwang-uses-'));
    process.env[USES_FOLDER] = this.#folder;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const isWhole = modules.length === globSync('test/**/*.test.ts').length;
    const written = readdirSync(this.#folder).map(
      (file): Written => JSON.parse(readFileSync(join(this.#folder, file), 'utf8')),
    );
    rmSync(this.#folder, { recursive: true });
    const all = (of: keyof Written) => new Set(written.flatMap((one) => one[of]));
    const [granted, used, refused] = [all('granted'), all('used'), all('refused')];
    const unused = [...granted].filter((one) => !used.has(one) && !ELSEWHERE.some(([pattern]) => pattern.test(one)));
    const lines = [...unused.map((one) => `never used: ${one}`), ...[...refused].map((one) => `not granted: ${one}`)];
    mkdirSync('coverage', { recursive: true });
    writeFileSync(
      LIST,
      lines
        .sort()
        .map((line) => `${line}\n`)
        .join(''),
    );
    if (!isWhole) return;
    console.log(`${used.size} of ${granted.size} rights of roles were used, ${lines.length} differ: ${LIST}`);
    if (lines.length === 0) return;
    console.error(lines.join('\n'));
    process.exitCode = 1;
  }
}
