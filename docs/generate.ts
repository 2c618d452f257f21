import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { openApiDocument } from '../functions/api/openapi-document.ts';
import { routes } from '../functions/api/routes.ts';
import { role } from '../functions/contracts/roles.ts';
import { actsThatBar, type ClaimAct, claimActs } from '../functions/domain/insurance/separation-of-duties.ts';
import { feeds } from '../functions/domain/reports/feeds.ts';
import { allFigures } from '../functions/domain/reports/figures.ts';
import type { Route } from '../functions/runtime/http.ts';

/**
 * Writes what is generated from the code: the OpenAPI document from the routes, the table of a brief's figures and what feeds them, a diagram of each
 * workflow from the synthesized template. With `--check` nothing is written, and a stale file fails.
 */
const files = new Map([
  ['docs/api/openapi.json', `${JSON.stringify(openApiDocument(routes), null, 2)}\n`],
  ['docs/figures.md', figures()],
  ['docs/permissions.md', permissions()],
  ['docs/separation-of-duties.md', separationOfDuties()],
  ...diagrams(),
]);

const check = process.argv.includes('--check');
const stale = [...files]
  .filter(([file, content]) => !existsSync(file) || readFileSync(file, 'utf8') !== content)
  .map(([file]) => file);
if (check && stale.length > 0) {
  console.error(`Stale, run npm run generate: ${stale.join(', ')}`);
  process.exit(1);
}
for (const file of check ? [] : stale) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, files.get(file) ?? '');
}

/** Every figure of a brief with its definition, and every kind of event with the figures it moves. */
function figures(): string {
  const insurance = { insured: [], cover: 0, claims: [] };
  const nothing = { region: '440904', asOf: '2023-12-31', knownAt: '2023-12-31T16:00:00.000Z' };
  const all = allFigures({ ...nothing, households: [], cases: [], sheets: [], entries: [], insurance });
  const defined = all.map(({ key, zh, unit, definition }) => `| \`${key}\` | ${zh} | ${unit} | ${definition} |`);
  const fed = Object.entries(feeds).map(
    ([event, keys]) => `| \`${event}\` | ${keys.map((key) => `\`${key}\``).join(' ') || 'none'} |`,
  );
  return [
    '# The figures of a brief',
    'Generated from `functions/domain/reports` by `npm run generate`. `test/journeys/feeds.test.ts` lets one event of each kind happen and compares.',
    `| figure | 名称 | unit | 口径 |\n|---|---|---|---|\n${defined.join('\n')}`,
    '## What feeds them',
    'A counted visit also moves the figure of its own quarter.',
    `| event | figures |\n|---|---|\n${fed.join('\n')}`,
  ]
    .join('\n\n')
    .concat('\n');
}

/** Every route, and who may call it. */
function permissions(): string {
  const row = ({ method, path, summary, roles, level }: Route) =>
    `| \`${method} ${path}\` | ${summary} | ${roles === 'public' ? role.options.map(() => '○').join(' | ') : role.options.map((each) => (roles.includes(each) ? '●' : '')).join(' | ')} | ${roles === 'public' ? 'anybody' : (level ?? 'any')} |`;
  const all = Object.values<Route>(routes).toSorted((a, b) =>
    `${a.path} ${a.method}` < `${b.path} ${b.method}` ? -1 : 1,
  );
  return [
    '# Who may call what',
    'Generated from the table of routes by `npm run generate`. ● may call, ○ needs no login. The last column is how wide a region the caller must answer for. Whatever a request names must lie in the caller’s region besides: what lies elsewhere is answered like what does not exist. Who may do what after what in one matter is in [separation-of-duties.md](separation-of-duties.md). The rule is `functions/runtime/permission.ts`; `test/api/permissions.cedar` says it independently, and a test compares the two.',
    `| route | | ${role.options.join(' | ')} | region |\n|---|---|${role.options.map(() => ':-:').join('|')}|---|\n${all.map(row).join('\n')}`,
  ]
    .join('\n\n')
    .concat('\n');
}

/** Every pair of acts in a claim, and whether one account may do both. */
function separationOfDuties(): string {
  const row = (earlier: ClaimAct) =>
    `| \`${earlier}\` | ${claimActs.map((later) => (actsThatBar(later).includes(earlier) ? '**no**' : 'yes')).join(' | ')} |`;
  return [
    '# Separation of duties around money',
    'Generated from `functions/domain/insurance/separation-of-duties.ts` by `npm run generate`. Rows are what an account has done in a claim, columns what it may still do in it. `refuse-before` is refusing the claim that this one appeals; `approve-void` is an approval that a changed payee made void: it may be given again, but its amount stays, so whoever gave it does not send the money. Roles and regions are asked before. `test/domain/insurance/duties-and-caps.test.ts` tries every pair.',
    `| has done ↓ may do → | ${claimActs.map((act) => `\`${act}\``).join(' | ')} |\n|---|${claimActs.map(() => '---|').join('')}\n${claimActs.map(row).join('\n')}`,
  ]
    .join('\n\n')
    .concat('\n');
}

interface State {
  Type: string;
  Next?: string;
  Default?: string;
  Choices?: { Next: string }[];
  Catch?: { Next: string; ErrorEquals: string[] }[];
}

function diagrams(): [string, string][] {
  const template: unknown = JSON.parse(readFileSync('cdk.out/Shouwang-Service.template.json', 'utf8'));
  const resources: Record<string, { Type: string; Properties: { DefinitionString?: unknown } }> =
    Object(template)['Resources'];
  return Object.entries(resources).flatMap(([id, { Type, Properties }]): [string, string][] => {
    if (Type !== 'AWS::StepFunctions::StateMachine') return [];
    const name = id
      .replace(/StateMachine[0-9A-F]+$/, '')
      .replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-')
      .toLowerCase();
    return [[`docs/workflows/${name}.md`, diagram(name, definitionOf(Properties.DefinitionString))]];
  });
}

function definitionOf(value: unknown): { StartAt: string; States: Record<string, State> } {
  const parts: unknown = Object(value)['Fn::Join']?.[1];
  if (!Array.isArray(parts)) throw new Error('A definition that is no Fn::Join.');
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : 'x')).join(''));
}

function diagram(name: string, { StartAt, States }: { StartAt: string; States: Record<string, State> }): string {
  const ids = new Map(Object.keys(States).map((state, place) => [state, `s${place}`]));
  const lines = Object.entries(States).flatMap(([state, { Next, Default, Choices = [], Catch = [] }]) => {
    const to = (target: string, label = '') =>
      `  ${ids.get(state)} -->${label === '' ? '' : `|${label}|`} ${ids.get(target)}`;
    return [
      ...(Next === undefined ? [] : [to(Next)]),
      ...Choices.map((choice) => to(choice.Next)),
      ...(Default === undefined ? [] : [to(Default, 'otherwise')]),
      ...Catch.map((caught) => to(caught.Next, caught.ErrorEquals.join())),
    ];
  });
  const nodes = Object.entries(States).map(
    ([state, { Type }]) => `  ${ids.get(state)}${Type === 'Choice' ? `{{"${state}"}}` : `["${state}"]`}`,
  );
  return `# ${name}\n\nGenerated from the synthesized template by \`npm run generate\`.\n\n\`\`\`mermaid\nflowchart TD\n  start((start)) --> ${ids.get(StartAt)}\n${[...nodes, ...lines].join('\n')}\n\`\`\`\n`;
}
