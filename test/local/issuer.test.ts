import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import { Clock } from '../../local/clock.ts';
import { Issuer, type IssuerReply } from '../../local/identity/issuer.ts';
import { SigningKeys } from '../../local/identity/keys.ts';
import { temporaryFolder } from './fixture/folder.ts';

const clock = new Clock({ mode: 'virtual', start: Date.parse('2023-10-11T01:00:00Z') });
const file = join(temporaryFolder('issuer'), 'issuer.json');
const accounts = [{ account: 'town', title: 'Town <office>', claims: { role: 'town-officer', region: '440904116' } }];
const make = async (): Promise<Issuer> =>
  new Issuer({
    url: 'http://127.0.0.1/i',
    keys: await SigningKeys.open(file, clock),
    clock,
    accounts,
    audience: 'notes',
  });
const issuer = await make();

const post = (path: string, form: Record<string, string> = {}, on = issuer): Promise<IssuerReply> =>
  on.answer({ method: 'POST', path, query: new URLSearchParams(), form: new URLSearchParams(form) });
const get = (path: string, query: Record<string, string> = {}, on = issuer): Promise<IssuerReply> =>
  on.answer({ method: 'GET', path, query: new URLSearchParams(query), form: new URLSearchParams() });
const accessToken = (reply: IssuerReply): string => String(JSON.parse(reply.body).access_token);
const verifies = async (token: string, on = issuer): Promise<boolean> =>
  jwtVerify(token, createLocalJWKSet(JSON.parse((await get('/jwks', {}, on)).body)), {
    currentDate: new Date(clock.now()),
  }).then(
    () => true,
    () => false,
  );

describe('a token for an account', () => {
  test('lives twelve hours of the stack’s clock and carries the claims', async () => {
    const reply = await post('/token', { account: 'town' });
    expect(JSON.parse(reply.body)).toMatchObject({ token_type: 'Bearer', expires_in: 43_200 });
    const claims = decodeJwt(accessToken(reply));
    expect(claims).toMatchObject({
      iss: 'http://127.0.0.1/i',
      aud: 'notes',
      sub: 'town',
      role: 'town-officer',
      region: '440904116',
      iat: clock.now() / 1000,
      exp: clock.now() / 1000 + 43_200,
    });
    expect(await verifies(accessToken(reply))).toBe(true);
  });

  test('may be for another person and a region inside', async () => {
    expect(
      decodeJwt(accessToken(await post('/token', { account: 'town', region: '440904116203', person: '3' }))),
    ).toMatchObject({
      sub: 'town-3',
      region: '440904116203',
    });
  });

  test.each<[Record<string, string>, string]>([
    [{}, 'There is no account'],
    [{ account: 'mayor' }, 'There is no account "mayor". There are: town.'],
    [{ account: 'town', region: '440904117' }, 'is not inside the region of account town'],
    [{ account: 'town', person: '10' }, 'person must be 1 to 9'],
  ])('%j is refused', async (form, sentence) => {
    const reply = await post('/token', form);
    expect(reply.status).toBe(400);
    expect(JSON.parse(reply.body).error_description).toContain(sentence);
  });
});

describe('rotation', () => {
  test('keeps the old key until its tokens end, also over a restart', async () => {
    const old = accessToken(await post('/token', { account: 'town' }));
    await post('/rotate');
    const fresh = accessToken(await post('/token', { account: 'town' }));
    const again = await make();
    expect(await verifies(old, again)).toBe(true);
    expect(await verifies(fresh, again)).toBe(true);
    expect(JSON.parse((await get('/jwks')).body).keys[0]).not.toHaveProperty('d');
    await clock.advance(clock.now() + 12 * 3_600_000 + 1);
    expect(JSON.parse((await get('/jwks')).body).keys).toHaveLength(1);
    expect(await verifies(accessToken(await post('/token', { account: 'town' })))).toBe(true);
  });
});

describe('the sign-in page', () => {
  const verifier = 'a-verifier-of-some-length-0123456789-0123456789';
  const request = {
    response_type: 'code',
    client_id: 'console',
    redirect_uri: 'http://localhost:5173/back',
    state: 'xyz',
    nonce: 'n1',
    code_challenge_method: 'S256',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
  };
  const redeem = (code: string, more: Record<string, string> = {}): Promise<IssuerReply> =>
    post('/token', {
      grant_type: 'authorization_code',
      code,
      redirect_uri: request.redirect_uri,
      client_id: 'console',
      code_verifier: verifier,
      ...more,
    });
  const code = async (): Promise<string> => {
    const { headers } = await get('/authorize', { ...request, account: 'town' });
    const target = new URL(headers['location'] ?? '');
    expect(target.searchParams.get('state')).toBe('xyz');
    return target.searchParams.get('code') ?? '';
  };

  test('lists the accounts, safely written', async () => {
    const page = await get('/authorize', request);
    expect(page.status).toBe(200);
    expect(page.body).toContain('Town &#60;office&#62;');
    expect(page.body).not.toContain('<office>');
  });

  test('gives a code that is redeemed once, with its proof', async () => {
    const given = await code();
    const reply = await redeem(given);
    expect(reply.status).toBe(200);
    expect(decodeJwt(accessToken(reply))).toMatchObject({ sub: 'town', aud: 'notes' });
    expect(decodeJwt(String(JSON.parse(reply.body).id_token))).toMatchObject({ aud: 'console', nonce: 'n1' });
    expect((await redeem(given)).status).toBe(400);
  });

  test('gives a refresh token that is good once, for the same person and client, and for no API', async () => {
    const first = JSON.parse((await redeem(await code())).body);
    const refresh = (refresh_token: string, client_id = 'console') =>
      post('/token', { grant_type: 'refresh_token', refresh_token, client_id });
    expect(JSON.parse((await refresh(first.refresh_token, 'other')).body)).toMatchObject({ error: 'invalid_grant' });
    const second = await refresh(first.refresh_token);
    expect(decodeJwt(accessToken(second))).toMatchObject({ sub: 'town', aud: 'notes' });
    expect((await refresh(first.refresh_token)).status).toBe(400);
    expect((await refresh(JSON.parse(second.body).refresh_token)).status).toBe(200);
    expect(decodeJwt(first.refresh_token).aud).not.toBe('notes');
  });

  test('a refresh token that is revoked renews nothing more; what is none is answered alike', async () => {
    const { refresh_token } = JSON.parse((await redeem(await code())).body);
    for (const token of [refresh_token, 'nothing'])
      expect((await post('/revoke', { token, client_id: 'console' })).status).toBe(200);
    const refresh = await post('/token', { grant_type: 'refresh_token', refresh_token, client_id: 'console' });
    expect(JSON.parse(refresh.body)).toMatchObject({ error: 'invalid_grant' });
    // A token that was asked for under the audience of refresh tokens is none.
    const { aud } = decodeJwt(refresh_token);
    const token = accessToken(await post('/token', { account: 'town', audience: String(aud) }));
    expect((await post('/revoke', { token, client_id: 'console' })).status).toBe(200);
    const renewed = { grant_type: 'refresh_token', refresh_token: token, client_id: 'console' };
    expect((await post('/token', renewed)).status).toBe(400);
  });

  test('ends a session by leading back, to this machine only', async () => {
    const back = await get('/end-session', { post_logout_redirect_uri: 'http://127.0.0.1:8080/console/' });
    expect([back.status, back.headers['location']]).toEqual([302, 'http://127.0.0.1:8080/console/']);
    expect((await get('/end-session', { post_logout_redirect_uri: 'https://example.org/' })).status).toBe(400);
    const broken = await get('/end-session', { post_logout_redirect_uri: 'http://localhost/家\r\nset-cookie: a=b' });
    expect(broken.headers['location']).toBe('http://localhost/%E5%AE%B6set-cookie:%20a=b');
  });

  test.each<[string, Record<string, string>]>([
    ['another verifier', { code_verifier: 'wrong' }],
    ['another redirect', { redirect_uri: 'http://localhost:5173/other' }],
    ['another client', { client_id: 'other' }],
  ])('a code with %s is refused', async (_name, more) => {
    const reply = await redeem(await code(), more);
    expect(JSON.parse(reply.body)).toMatchObject({ error: 'invalid_grant' });
  });

  test.each<[string, Record<string, string>]>([
    ['away from this machine', { redirect_uri: 'https://example.org/' }],
    ['without PKCE', { code_challenge_method: 'plain' }],
    ['for a token at once', { response_type: 'token' }],
  ])('asked to lead %s refuses', async (_name, more) => {
    expect((await get('/authorize', { ...request, ...more })).status).toBe(400);
  });
});
