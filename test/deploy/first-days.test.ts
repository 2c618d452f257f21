import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readyAccounts } from '../../demo/accounts.ts';
import { illustrativeCriteria } from '../../demo/criteria.ts';
import { assembly } from '../../infra/assembly.ts';
import { startLocal } from '../../local/index.ts';
import { OFFICER, SECOND_OFFICER, TestStack } from '../stack.ts';

describe('the walk through docs/deploy, on the local stack', () => {
  let stack: TestStack;
  beforeAll(async () => {
    stack = await TestStack.start({ start: '2023-10-12T09:00:00+08:00', empty: true });
  });
  afterAll(() => stack.stop());

  /** What a command of the page sends from a file. */
  const sent = (route: string): string => {
    const walk = readFileSync('docs/deploy/README.md', 'utf8');
    const file = new RegExp(`POST \\$BASE${route.replace(/[/:]/g, '\\$&')} .*--data-binary @(\\S+)`).exec(walk)?.[1];
    if (file === undefined) throw new Error(`The walk sends no file to ${route}.`);
    return readFileSync(file, 'utf8');
  };

  it('the divisions that are shipped are taken as they are', async () => {
    const token = await stack.token(OFFICER);
    const { status, body } = await stack.call('POST', '/v1/divisions', token, sent('/v1/divisions'));
    expect(status).toBe(200);
    expect(body.towns).toHaveLength(28);
  });

  it('two officers bring criteria, one brings the first household, and the round is opened, visited and sealed', async () => {
    const { body: proposed } = await stack.post('/v1/criteria', OFFICER, illustrativeCriteria);
    expect((await stack.post(`/v1/criteria/${proposed.id}/approval`, SECOND_OFFICER)).status).toBe(200);
    const token = await stack.token(OFFICER);
    const imported = await stack.call('POST', '/v1/households:import', token, sent('/v1/households:import'));
    expect(imported.body).toMatchObject({ refused: 0 });
    expect((await stack.post('/v1/rounds', OFFICER, {})).status).toBe(201);
    await stack.settle(5);
    const village = JSON.parse(sent('/v1/households:import')).rows[0].village;
    const worker = { account: 'village-worker', region: village };
    const { body: list } = await stack.get(`/v1/rounds/2023Q4/worklist?village=${village}`, worker);
    expect(list.items).toHaveLength(1);
    const missed = { village, items: [{ household: list.items[0].household.id, reason: 'nobody-at-home' }] };
    expect((await stack.post('/v1/rounds/2023Q4/missed', worker, missed)).status).toBe(200);
    expect((await stack.post('/v1/rounds/2023Q4/seal', OFFICER)).status).toBe(202);
    await stack.settle(60);
    expect((await stack.get('/v1/rounds/2023Q4', OFFICER)).body.status).toBe('sealed');
  });
});

it('without public routes, where there is no filing, they are not there, and everything else is', async () => {
  const data = mkdtempSync(join(tmpdir(), 'shouwang-cn-'));
  const stack = await startLocal({
    assembly: await assembly(),
    data,
    port: 0,
    clock: 'virtual',
    region: 'cn-north-1',
    parameters: ({ issuer }) => ({ DistrictCode: '440904', Issuer: issuer, Stage: 'cn', PublicRoutes: 'off' }),
    accounts: readyAccounts('440904'),
  });
  try {
    expect((await fetch(`${stack.endpoints.api}/v1/notices?region=440904`)).status).toBe(404);
    expect((await fetch(`${stack.endpoints.api}/v1/me`)).status).toBe(401);
  } finally {
    await stack.close();
    rmSync(data, { recursive: true });
  }
});

it('takes no issuer but by https, except on this machine', () => {
  const { Parameters } = JSON.parse(readFileSync('cdk.out/Shouwang-Service.template.json', 'utf8'));
  const pattern = new RegExp(Parameters.Issuer.AllowedPattern);
  expect(pattern.test('https://id.example.org/realms/shouwang')).toBe(true);
  expect(pattern.test('http://id.example.org/realms/shouwang')).toBe(false);
  expect(pattern.test('http://127.0.0.1:8080/_local/issuer')).toBe(true);
});
