import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readyAccounts } from '../../demo/accounts.ts';
import { addressOf } from '../../functions/runtime/front.ts';
import { assembly } from '../../infra/assembly.ts';
import { type LocalStack, startLocal } from '../../local/index.ts';
import { api } from '../../local/template/kinds-http.ts';
import { Model } from '../../local/template/model.ts';

const SECRET = 'abcdefghij0123456789klmn';
const OLD = 'zyxwvutsrq9876543210zyxw';

describe('an API that takes only what comes through the distribution', () => {
  const data = mkdtempSync(join(tmpdir(), 'shouwang-front-'));
  let stack: LocalStack;
  let direct: string;
  beforeAll(async () => {
    const folder = await assembly();
    const parameters = ({ issuer }: { issuer: string }) => ({
      DistrictCode: '440904',
      Issuer: issuer,
      Stage: 'front',
      OriginSecret: `${SECRET},${OLD}`,
    });
    stack = await startLocal({
      assembly: folder,
      data,
      port: 0,
      clock: 'virtual',
      parameters,
      accounts: readyAccounts('440904'),
    });
    const environment = { region: 'us-east-1', accountId: '000000000000', partition: 'aws' };
    const [found] = new Model(folder, environment, parameters({ issuer: 'http://localhost' })).all(api);
    direct = `${found?.ref}.execute-api.localhost`;
  });
  afterAll(async () => {
    await stack.close();
    rmSync(data, { recursive: true });
  });

  /** As somebody who has found the API's own name. */
  function past(headers: Record<string, string> = {}): Promise<{ status: number | undefined; body: string }> {
    return new Promise((resolve, reject) => {
      const { hostname, port } = new URL(stack.endpoints.api);
      const asked = request(
        { hostname, port, path: '/v1/openapi.json', headers: { host: direct, ...headers } },
        (answer) => {
          let body = '';
          answer.on('data', (chunk: Buffer) => (body += chunk.toString()));
          answer.on('end', () => resolve({ status: answer.statusCode, body }));
        },
      );
      asked.on('error', reject).end();
    });
  }

  it('answers under the one origin, whatever a client sends by the secret’s name', async () => {
    expect((await fetch(`${stack.endpoints.api}/v1/openapi.json`)).status).toBe(200);
    const forged = await fetch(`${stack.endpoints.api}/v1/openapi.json`, { headers: { 'x-origin-secret': 'guessed' } });
    expect(forged.status).toBe(200);
  });

  it('refuses what comes past it, by a code of its own', async () => {
    const refused = await past();
    expect(refused.status).toBe(403);
    expect(JSON.parse(refused.body)).toMatchObject({ code: 'not-through-front' });
    expect((await past({ 'x-origin-secret': 'guessed' })).status).toBe(403);
  });

  it('takes both secrets while they are changed, and calls itself by the new one', async () => {
    expect((await past({ 'x-origin-secret': SECRET })).status).toBe(200);
    expect((await past({ 'x-origin-secret': OLD })).status).toBe(200);
    const form = new URLSearchParams({ account: 'district-officer' });
    const { access_token: token } = Object(
      await (await fetch(`${stack.endpoints.issuer}/token`, { method: 'POST', body: form })).json(),
    );
    const headers = { authorization: `Bearer ${token}` };
    // The exchange reads the API in the caller's name.
    expect((await fetch(`${stack.endpoints.api}/v1/exchange/cases?region=440904&format=csv`, { headers })).status).toBe(
      200,
    );
  });

  it('answers pages with a policy that lets no script or style in but its own', async () => {
    for (const page of ['console', 'field', 'public']) {
      const policy = (await fetch(`${stack.endpoints.api}/${page}/`)).headers.get('content-security-policy');
      expect(policy).toContain("script-src 'self'; style-src 'self';");
      expect(policy).not.toContain('unsafe');
    }
  });
});

describe('the address that callers of public routes are counted by', () => {
  afterEach(() => {
    delete process.env['ORIGIN_SECRET'];
  });

  it('is what the gateway saw, and what the distribution tells where requests must come through it', () => {
    expect(addressOf({ 'x-viewer-address': '203.0.113.9' }, '198.51.100.1')).toBe('198.51.100.1');
    process.env['ORIGIN_SECRET'] = SECRET;
    expect(addressOf({ 'x-viewer-address': '203.0.113.9', 'x-origin-secret': SECRET }, '198.51.100.1')).toBe(
      '203.0.113.9',
    );
    expect(() => addressOf({ 'x-viewer-address': '203.0.113.9' }, '198.51.100.1')).toThrow('not-through-front');
  });

  it.each([
    ['2001:db8:1:2::1', '2001:db8:1:2'],
    ['2001:0db8:0001:0002:ffff:eeee:dddd:cccc', '2001:db8:1:2'],
    ['2001:DB8:1:3::', '2001:db8:1:3'],
    ['2001:db8::7', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['::ffff:203.0.113.9', '203.0.113.9'],
    ['203.0.113.9', '203.0.113.9'],
  ])('counts %s as %s: a line of IPv6 has more addresses than anybody could count', (address, counted) => {
    expect(addressOf({}, address)).toBe(counted);
  });
});
