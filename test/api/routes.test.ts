import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../functions/api/routes.ts';
import { levels } from '../../functions/contracts/regions.ts';
import { role } from '../../functions/contracts/roles.ts';
import { SAFE } from '../harmless.ts';
import { VILLAGE } from '../playing-households.ts';
import { OFFICER, SECOND_OFFICER, TestStack } from '../stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await TestStack.start({ empty: true });
});
afterAll(() => stack.stop());

const concrete = (path: string) =>
  path
    .replace('/households/{id}', `/households/${VILLAGE}-0001`)
    .replace('/criteria/{id}', '/criteria/c-000000000000')
    .replace('{kind}', 'households')
    .replace('{id}', '2023Q4')
    .replace('{village}', VILLAGE);

describe('every route', () => {
  it('is told of a person in its body, or by an id: an address stands in logs and histories', async () => {
    const { body } = await stack.get('/v1/openapi.json', OFFICER);
    const operations = Object.values<Record<string, { parameters?: { name: string }[] }>>(body.paths).flatMap((path) =>
      Object.values(path),
    );
    const names = new Set(operations.flatMap(({ parameters = [] }) => parameters.map(({ name }) => name)));
    expect(names.has('region') && names.has('receipt')).toBe(true);
    expect([...names].filter((name) => /name|number|last4|phone|account|contact|bank|^id.+/i.test(name))).toEqual([]);
  });

  it.each(Object.entries(routes).filter(([, route]) => route.roles !== 'public'))(
    '%s lets in exactly the roles it names',
    async (_, route) => {
      for (const account of role.options) {
        const { status, body } = await stack.call(
          route.method,
          concrete(route.path),
          await stack.token({ account }),
          route.method === 'GET' ? undefined : '{}',
        );
        const refused = status === 403 && body.code === 'role-not-allowed';
        expect([account, refused]).toEqual([account, !new Set<string>(route.roles).has(account)]);
      }
      expect(
        (await stack.call(route.method, concrete(route.path), '', route.method === 'GET' ? undefined : '{}')).status,
      ).toBe(401);
    },
  );

  it.each(Object.entries(routes).filter(([, route]) => route.roles !== 'public'))(
    '%s lets in exactly the levels of region it names',
    async (_, route) => {
      const regions = { village: VILLAGE, town: VILLAGE.slice(0, 9), district: VILLAGE.slice(0, 6) };
      const needed = levels.indexOf('level' in route ? route.level : 'village');
      for (const account of route.roles === 'public' ? [] : route.roles) {
        for (const level of levels) {
          const token = await stack.token({ account, region: regions[level] });
          const body = route.method === 'GET' ? undefined : '{}';
          const answer = await stack.call(route.method, concrete(route.path), token, body);
          const refused = answer.status === 403 && answer.body.code === 'region-level';
          expect([account, level, refused]).toEqual([account, level, levels.indexOf(level) < needed]);
        }
      }
    },
  );

  it('is in the OpenAPI document, which anybody may read', async () => {
    const { status, body } = await stack.call('GET', '/v1/openapi.json', '');
    expect(status).toBe(200);
    const told = Object.values<object>(body.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    expect(told.sort()).toEqual(Object.keys(routes).sort());
  });
});

describe('a token', () => {
  const status = async (token: string) => (await stack.call('GET', '/v1/rounds', token)).status;
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

  it('that is unsigned, of alg none, forged or altered is refused', async () => {
    const token = await stack.token(OFFICER);
    const [header = '', claims = '', signature = ''] = token.split('.');
    const parsed = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8'));
    expect(await status(token)).toBe(200);
    expect(await status(`${header}.${claims}.`)).toBe(401);
    expect(await status(`${encode({ alg: 'none', typ: 'JWT' })}.${claims}.`)).toBe(401);
    expect(await status(`${header}.${encode({ ...parsed, role: 'auditor' })}.${signature}`)).toBe(401);
    expect(await status('not-a-token')).toBe(401);
  });

  it('that has expired is refused', async () => {
    const token = await stack.token(OFFICER);
    await stack.settle(13 * 3600);
    expect(await status(token)).toBe(401);
  });
});

describe('criteria', () => {
  const proposal = {
    effectiveFrom: '2021-01-01',
    lines: [{ year: 2023, region: '44', line: 800_000, status: 'illustrative', source: 'test' }],
    nearLinePercent: 120,
    collapsePercent: 50,
    rigidSpendingPercent: 40,
    chronicBurden: 500_000,
  };

  it('are proposed by one officer and approved by another, once, and a round needs its year’s line', async () => {
    expect(await stack.post('/v1/rounds', OFFICER, { round: '2023Q4' })).toMatchObject({
      status: 409,
      body: { code: 'divisions-missing' },
    });
    const { demoDivisions } = await import('../../demo/district/households.ts');
    await stack.post('/v1/divisions', OFFICER, demoDivisions());
    expect(await stack.post('/v1/rounds', OFFICER, { round: '2023Q4' })).toMatchObject({
      status: 409,
      body: { code: 'criteria-missing' },
    });

    const { status, body } = await stack.post('/v1/criteria', OFFICER, proposal);
    expect([status, body.status]).toEqual([201, 'proposed']);
    expect(await stack.post('/v1/criteria', OFFICER, proposal)).toMatchObject({ status: 200, body: { id: body.id } });
    const approve = (as: typeof OFFICER) => stack.post(`/v1/criteria/${body.id}/approval`, as);
    expect(await approve(OFFICER)).toMatchObject({ status: 403, body: { code: 'criteria-own-proposal' } });
    expect(await approve(SECOND_OFFICER)).toMatchObject({
      status: 200,
      body: { status: 'approved', approvedBy: 'district-officer-2' },
    });
    expect(await approve({ ...OFFICER, person: 3 })).toMatchObject({
      status: 409,
      body: { code: 'criteria-already-approved' },
    });

    const earlier = await stack.post('/v1/criteria', OFFICER, { ...proposal, effectiveFrom: '2020-01-01' });
    expect(await stack.post(`/v1/criteria/${earlier.body.id}/approval`, SECOND_OFFICER)).toMatchObject({
      status: 409,
      body: { code: 'criteria-out-of-order' },
    });
    expect(await stack.post('/v1/rounds', OFFICER, { round: '2024Q1' })).toMatchObject({
      status: 409,
      body: { code: 'criteria-missing' },
    });
    expect(await stack.post('/v1/rounds', OFFICER, { round: '2023Q4', hurry: true })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/hurry' }] },
    });
  });

  it('judge the dry run, by the line in force on each day', async () => {
    const visit = {
      household: `${VILLAGE}-0001`,
      round: '2023Q4',
      visitedOn: '2023-10-11',
      recordedAt: '2023-10-11T09:30:00+08:00',
      visitor: 'x',
      purpose: 'screening',
      income: { wages: 500_000, business: 0, property: 0, transfer: 0, businessCosts: 0 },
      insurancePayouts: 0,
      selfPaid: { medical: 0, education: 0, other: 0 },
      guarantees: SAFE,
      shocks: [],
      members: [{ labour: 'full', health: 'healthy', inSchool: false }],
    };
    const household = { origin: 'general', openCase: false };
    const ask = (found: object) =>
      stack.post('/v1/triage', OFFICER, { region: '440904', items: [{ visit: found, household }] });
    expect((await ask(visit)).body).toMatchObject({
      items: [
        {
          class: 'monitor',
          caseType: 'marginal',
          perCapita: 500_000,
          signals: [
            {
              id: 'INCOME_BELOW_LINE',
              severity: 'risk',
              observed: 500_000,
              threshold: 800_000,
              message: '人均参考收入 5000.00 元，低于监测线 8000.00 元。',
            },
          ],
        },
      ],
      rules: '2023.1',
    });
    expect(await ask({ ...visit, visitedOn: '2024-01-01' })).toMatchObject({
      status: 409,
      body: { code: 'criteria-missing' },
    });
    expect(
      await ask({
        ...visit,
        members: [{ person: 'p-0000000000000001', labour: 'full', health: 'healthy', inSchool: false }],
      }),
    ).toMatchObject({
      status: 400,
      body: { code: 'invalid-body' },
    });
  });
});
