import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { withoutConditions } from './conditions.ts';
import { runWithMutants, type Verdict } from './in-process.ts';
import { instrument, type Mutant } from './instrument.ts';
import { withoutPolicies } from './policies.ts';
import { withoutRoles } from './roles.ts';

/** What is changed, one at a time, and the tests that should notice. */
const KINDS = {
  /** Rules: whatever can be turned, emptied or left out. Files that are read in threads of their own see no switch. */
  domain: {
    sources: 'functions/domain/**/*.ts',
    make: instrument,
    tests: ['test/domain/**/*.test.ts'],
    exclude: ['**/hostile-files.test.ts'],
  },
  /** Each condition of a write, and each term of one. */
  conditions: {
    sources: 'functions/store/**/*.ts',
    make: withoutConditions,
    tests: ['test/store/**/*.test.ts'],
    exclude: [],
  },
  retries: {
    sources: 'test/workflows/deployed.ts',
    make: withoutPolicies('Retry'),
    tests: ['test/workflows/machines.test.ts'],
    exclude: [],
  },
  catches: {
    sources: 'test/workflows/deployed.ts',
    make: withoutPolicies('Catch'),
    tests: ['test/workflows/machines.test.ts'],
    exclude: [],
  },
  /** Each role of each route. */
  roles: {
    sources: 'functions/api/routes.ts',
    make: withoutRoles,
    tests: ['test/api/permissions.test.ts'],
    exclude: [],
    pattern: /lets in the same roles/,
  },
} as const;

const { values } = parseArgs({
  options: {
    what: { type: 'string', default: 'domain' },
    /** Only sources whose path holds this. */
    only: { type: 'string', default: '' },
    json: { type: 'string' },
  },
});

const kind = Object.entries(KINDS).find(([name]) => name === values.what)?.[1];
if (kind === undefined) throw new Error(`--what is one of: ${Object.keys(KINDS).join(', ')}.`);

const sources = new Map<string, string>();
const mutants: Mutant[] = [];
for (const file of globSync(kind.sources).sort()) {
  if (!file.includes(values.only)) continue;
  const made = kind.make(file, readFileSync(file, 'utf8'), mutants.length);
  sources.set(file, made.code);
  mutants.push(...made.mutants);
}
const verdicts = await runWithMutants(sources, mutants, kind.tests, kind);
if (values.json !== undefined) writeFileSync(values.json, JSON.stringify(verdicts, null, 1));

const count = (state: Verdict['state']) => verdicts.filter((one) => one.state === state).length;
for (const one of verdicts.filter(({ state }) => state !== 'killed').slice(0, 200)) {
  console.log(
    `${one.state}: ${one.file}:${one.line} ${one.kind}: ${one.from.slice(0, 100)} -> ${one.to.slice(0, 100)}`,
  );
}
const percent = (100 * count('killed')) / verdicts.length;
console.log(
  `${verdicts.length} mutants: ${count('killed')} noticed (${percent.toFixed(1)} %), ${count('survived')} survived, ${count('not reached')} not reached`,
);
