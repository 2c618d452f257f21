import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { readers } from '../functions/api/routes/callers.ts';
import { measureKind } from '../functions/contracts/assistance/measure.ts';
import { documentKind } from '../functions/contracts/insurance/claim.ts';
import { lineId } from '../functions/contracts/insurance/product.ts';
import { role } from '../functions/contracts/roles.ts';
import { severities, signalIds } from '../functions/contracts/screening/triage.ts';
import { natureOf } from '../functions/domain/assistance/measures.ts';
import { measureNames } from '../functions/domain/cases/case-labels.ts';
import { missingDocuments } from '../functions/domain/insurance/documents.ts';
import { feeds } from '../functions/domain/reports/feeds.ts';
import { allFigures } from '../functions/domain/reports/figures.ts';
import { sentenceOf } from '../functions/domain/screening/sentences.ts';
import { httpHandler, type Route } from '../functions/runtime/http.ts';

const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'docs/README.md',
  'docs/architecture.md',
  'docs/domain.md',
  'docs/glossary.md',
  ...[
    'adr/0006-one-review-ladder-deployed-twice.md',
    'adr/0011-spreadsheets-go-through-a-door-in-front-of-the-api.md',
  ].map((page) => `docs/${page}`),
];

describe('what the pages say', () => {
  it.each(PAGES)('%s: every path and link in it leads somewhere', (page) => {
    const text = readFileSync(page, 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, link = '']) =>
      normalize(join(dirname(page), link)),
    );
    const paths = [
      ...text.matchAll(/`((?:functions|infra|local|demo|bench|test|docs|console|operations)\/[\w./-]+)`/g),
    ].map(([, path = '']) => path);
    expect([...links, ...paths].filter((path) => !existsSync(path))).toEqual([]);
  });

  it('every task of a workflow states its ceiling', () => {
    const tasks = globSync('functions/tasks/*/*.ts');
    expect(tasks.length).toBeGreaterThan(20);
    expect(tasks.filter((task) => !/\* Ceiling: |\. Ceiling: /.test(readFileSync(task, 'utf8')))).toEqual([]);
  });

  it('the example of a route answers its roles, and nobody else', async () => {
    const example = {
      pingRoute: {
        method: 'GET',
        path: '/v1/ping',
        function: 'registry/divisions',
        roles: readers,
        answers: z.object({ now: z.string() }),
        summary: '连通',
      },
    } satisfies Record<string, Route>;
    process.env['DISTRICT'] = '440904';
    const handler = httpHandler(example, {
      pingRoute: async ({ now }) => ({ status: 200, body: { now: new Date(now).toISOString() } }),
    });
    for (const caller of role.options) {
      const answer = await handler(eventOf(caller), Object());
      expect([caller, answer.statusCode]).toEqual([caller, readers.includes(caller) ? 200 : 403]);
    }
  });

  it('every rule of triage has a severity and a sentence', () => {
    for (const id of signalIds) {
      expect(severities[id]).toMatch(/^(risk|attention)$/);
      expect(sentenceOf({ id, observed: 1, threshold: 2 })).toMatch(/[\u4e00-\u9fff]/);
    }
  });

  it('every figure that an event moves is a figure', () => {
    const none = { region: '440904', asOf: '2023-12-31', knownAt: '2023-12-31T16:00:00.000Z' };
    const insurance = { insured: [], cover: 0, claims: [] };
    const all = allFigures({ ...none, households: [], cases: [], sheets: [], entries: [], insurance });
    const known = new Set<string>(all.map(({ key }) => key));
    for (const [event, keys] of Object.entries(feeds))
      for (const key of keys) expect([event, known.has(key)]).toEqual([event, true]);
  });

  it('every kind of measure has a nature and a name; every insurance line its papers', () => {
    for (const kind of measureKind.options) {
      expect(natureOf(kind)).toMatch(/^(development|safeguard)$/);
      expect(measureNames[kind]).not.toBe('');
    }
    for (const line of lineId.options) {
      for (const { anyOf } of missingDocuments(line, [], []))
        for (const kind of anyOf) expect(documentKind.options).toContain(kind);
    }
  });
});

/** What the gateway hands over for a caller of a role. */
function eventOf(caller: string): Parameters<ReturnType<typeof httpHandler>>[0] {
  const requestContext = {
    requestId: 'r-1',
    timeEpoch: 1_700_000_000_000,
    domainName: '127.0.0.1',
    http: { sourceIp: '127.0.0.1' },
    authorizer: { jwt: { claims: { sub: `${caller}-1`, role: caller, region: '440904' } } },
  };
  return Object({ routeKey: 'GET /v1/ping', headers: {}, isBase64Encoded: false, requestContext });
}
