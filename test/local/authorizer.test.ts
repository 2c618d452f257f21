import { createServer, type Server } from 'node:http';
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Clock } from '../../local/clock.ts';
import { Authorizer } from '../../local/http-api/authorizer.ts';

const clock = new Clock({ mode: 'virtual', start: Date.parse('2023-10-11T01:00:00Z') });
const now = clock.now() / 1000;
const signer = await generateKeyPair('RS256', { extractable: true });
const stranger = await generateKeyPair('RS256', { extractable: true });
const jwks = { keys: [{ ...(await exportJWK(signer.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }] };
let server: Server;
let issuer: string;
let authorizer: Authorizer;

beforeAll(async () => {
  server = createServer((request, response) => {
    response.end(
      JSON.stringify(
        request.url?.endsWith('openid-configuration') === true ? { issuer, jwks_uri: `${issuer}/jwks` } : jwks,
      ),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  issuer = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  authorizer = new Authorizer({ issuer, audience: ['notes'], clock });
});
afterAll(() => server.close());

const usual = (): JWTPayload => ({ iss: issuer, aud: 'notes', sub: 'a', iat: now, exp: now + 60 });
const signed = (claims: JWTPayload, key = signer.privateKey): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(key);

describe('a token', () => {
  test('that is right gives its claims as texts', async () => {
    const token = await signed({ ...usual(), region: '44', level: 3, groups: ['a', 'b'] });
    expect(await authorizer.judge(`Bearer ${token}`, [])).toMatchObject({
      claims: { sub: 'a', region: '44', level: '3', groups: '[a b]', exp: String(now + 60) },
      scopes: null,
    });
  });

  test('may name its client instead of an audience', async () => {
    const { aud: _without, ...rest } = usual();
    expect(await authorizer.judge(await signed({ ...rest, client_id: 'notes' }), [])).toMatchObject({
      claims: { client_id: 'notes' },
    });
    expect(await authorizer.judge(await signed({ ...rest, client_id: 'other' }), [])).toMatchObject({ status: 401 });
  });

  test.each<[string, (claims: JWTPayload) => JWTPayload]>([
    ['expired', (claims) => ({ ...claims, exp: now - 1 })],
    ['without an end', ({ exp: _none, ...claims }) => claims],
    ['not yet valid', (claims) => ({ ...claims, nbf: now + 10 })],
    ['issued in the future', (claims) => ({ ...claims, iat: now + 10 })],
    ['for another audience', (claims) => ({ ...claims, aud: 'others' })],
    ['of another issuer', (claims) => ({ ...claims, iss: 'http://127.0.0.1:1' })],
  ])('that is %s is refused', async (_name, change) => {
    expect(await authorizer.judge(`Bearer ${await signed(change(usual()))}`, [])).toMatchObject({ status: 401 });
  });

  test('signed by somebody else is refused', async () => {
    expect(await authorizer.judge(`Bearer ${await signed(usual(), stranger.privateKey)}`, [])).toMatchObject({
      status: 401,
    });
  });

  test('without a signature (alg none) is refused', async () => {
    expect(await authorizer.judge(`Bearer ${new UnsecuredJWT(usual()).encode()}`, [])).toMatchObject({ status: 401 });
  });

  test('whose signature was cut off is refused', async () => {
    const token = await signed(usual());
    expect(await authorizer.judge(`Bearer ${token.slice(0, token.lastIndexOf('.') + 1)}`, [])).toMatchObject({
      status: 401,
    });
  });

  test('signed with the public key as a shared secret (HS256) is refused', async () => {
    const secret = new TextEncoder().encode(await exportSPKI(signer.publicKey));
    const token = await new SignJWT(usual()).setProtectedHeader({ alg: 'HS256', kid: 'one' }).sign(secret);
    expect(await authorizer.judge(`Bearer ${token}`, [])).toMatchObject({ status: 401 });
  });

  test('whose claims were changed is refused', async () => {
    const [head, , signature] = (await signed(usual())).split('.');
    const forged = Buffer.from(JSON.stringify({ ...usual(), sub: 'b' })).toString('base64url');
    expect(await authorizer.judge(`Bearer ${head}.${forged}.${signature}`, [])).toMatchObject({ status: 401 });
  });

  test.each([undefined, '', 'Bearer ', 'Bearer x', 'Basic dTpw'])('that is none (%s) is refused', async (header) => {
    expect(await authorizer.judge(header, [])).toMatchObject({ status: 401 });
  });

  test('needs one of the scopes of the route', async () => {
    const token = await signed({ ...usual(), scope: 'read write' });
    expect(await authorizer.judge(token, ['write', 'admin'])).toMatchObject({ scopes: ['read', 'write'] });
    expect(await authorizer.judge(token, ['admin'])).toMatchObject({ status: 403 });
  });
});
