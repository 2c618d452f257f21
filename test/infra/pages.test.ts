import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { routes } from '../../functions/api/routes.ts';
import { FOLDER } from '../../infra/assembly.ts';

/** What is read by somebody who deploys, operates or is woken: each name in it is typed as it stands there. */
const PAGES = globSync('docs/{deploy,operate,runbooks}/*.md').sort();
const PARTS = ['Data', 'Service', 'Console', 'Watch'];
const templates = new Map(PARTS.map((part) => [part, readFileSync(`cdk.out/Shouwang-${part}.template.json`, 'utf8')]));
const keysOf = (part: string, section: 'Parameters' | 'Outputs') =>
  Object.keys(Object(JSON.parse(templates.get(part) ?? '{}'))[section] ?? {});
const parameters = new Set(PARTS.flatMap((part) => keysOf(part, 'Parameters')));
const outputs = new Set(PARTS.flatMap((part) => keysOf(part, 'Outputs')));
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
const CELL = String.raw`(?:440904-prod|<cell>|\$C)`;

/** What a pattern finds in a page and does not hold. */
function strangers(page: string, pattern: RegExp, known: (...found: string[]) => boolean): string[] {
  return [...readFileSync(page, 'utf8').matchAll(pattern)]
    .filter(([, ...found]) => !known(...found))
    .map(([text]) => text);
}

function isRoute(method: string, path: string): boolean {
  return Object.values(routes).some(
    (route) => route.method === method && new RegExp(`^${route.path.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path),
  );
}

describe.each(PAGES)('%s', (page) => {
  it('links and names files that are there', () => {
    const isThere = (path: string) => existsSync(normalize(join(dirname(page), path)));
    expect(strangers(page, /\]\((?!https?:)([^)#\s]+)[^)]*\)/g, isThere)).toEqual([]);
    expect(strangers(page, /`((?:docs|infra|functions|demo)\/[\w./-]+)`/g, existsSync)).toEqual([]);
    expect(strangers(page, /--data-binary @(\S+)/g, existsSync)).toEqual([]);
  });

  it('runs scripts that are there', () => {
    expect(strangers(page, /npm run (?:-\S+ )*([\w-]+)/g, (name) => name in scripts)).toEqual([]);
  });

  it('names stacks, parameters and outputs of the template', () => {
    const isPart = (part: string) => [...PARTS, 'Guard'].includes(part);
    expect(strangers(page, new RegExp(`Shouwang-${CELL}-(\\w+)`, 'g'), isPart)).toEqual([]);
    const isParameter = (part: string, name: string) => keysOf(part, 'Parameters').includes(name);
    expect(strangers(page, new RegExp(`Shouwang-${CELL}-(\\w+):(\\w+)`, 'g'), isParameter)).toEqual([]);
    expect(strangers(page, /`(?:Console:)?([A-Z][A-Za-z]+)=/g, (name) => parameters.has(name))).toEqual([]);
    // `<ApiId>`: whoever reads it looks it up among the outputs.
    expect(strangers(page, /<([A-Z][A-Za-z]+)>/g, (name) => outputs.has(name))).toEqual([]);
  });

  it('names functions, machines, schedules and alarms of the template', () => {
    const texts = [...templates.values()];
    const isName = (name: string) => texts.some((text) => text.includes(`-${name}"`));
    expect(strangers(page, new RegExp(`shouwang-${CELL}-([a-z][a-z0-9-]*[a-z0-9])`, 'g'), isName)).toEqual([]);
  });

  it('calls routes that are there', () => {
    expect(strangers(page, /\b(GET|POST|PUT|PATCH|DELETE) (\/v1\/[\w/:{}.-]+)/g, isRoute)).toEqual([]);
  });
});

describe('the command line of CDK', () => {
  it('leaves the template of one machine alone: whoever has deployed can still start and test here', () => {
    expect(normalize(JSON.parse(readFileSync('cdk.json', 'utf8')).output ?? 'cdk.out')).not.toBe(FOLDER);
  });
});
