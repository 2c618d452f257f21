import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { Problem } from '../../functions/contracts/problems.ts';
import { role } from '../../functions/contracts/roles.ts';
import { claimed } from '../../functions/runtime/claims.ts';
import { Clock } from '../../local/clock.ts';
import { Authorizer } from '../../local/http-api/authorizer.ts';

afterEach(() => {
  delete process.env['ROLE_CLAIM'];
  delete process.env['REGION_CLAIM'];
});

const BY_GROUPS = { ROLE_CLAIM: 'cognito:groups', REGION_CLAIM: 'cognito:groups' };
const BY_ATTRIBUTES = { ROLE_CLAIM: 'custom:role', REGION_CLAIM: 'custom:region' };

/** The reasons a token is refused for. */
function refused(claims: object): string[] {
  try {
    claimed(claims);
  } catch (error) {
    if (error instanceof Problem && error.code === 'unauthenticated')
      return error.errors.map(({ pointer, detail }) => `${pointer} ${detail}`);
    throw error;
  }
  return [];
}

describe('role and region', () => {
  it.each([
    ['as they are called here', {}, { sub: 'a', role: 'auditor', region: '440904' }],
    ['as Cognito’s own attributes', BY_ATTRIBUTES, { sub: 'a', 'custom:role': 'auditor', 'custom:region': '440904' }],
    [
      'as Cognito’s groups, as the gateway hands a list on',
      BY_GROUPS,
      { sub: 'a', 'cognito:groups': '[region-440904 auditor]' },
    ],
    ['as a list in JSON', BY_GROUPS, { sub: 'a', 'cognito:groups': '["auditor","region-440904"]' }],
    ['among groups of other systems', BY_GROUPS, { sub: 'a', 'cognito:groups': '[staff auditor region-440904 wiki]' }],
  ])('are read %s', (_, environment, claims) => {
    Object.assign(process.env, environment);
    expect(claimed(claims)).toEqual({ sub: 'a', role: 'auditor', region: '440904' });
  });

  it.each([
    ['no role', {}, { sub: 'a', region: '440904' }, ['/claims/role 凭证中没有有效的角色']],
    ['an unknown role', {}, { sub: 'a', role: 'king', region: '440904' }, ['/claims/role 凭证中没有有效的角色']],
    [
      'a region that is none',
      {},
      { sub: 'a', role: 'auditor', region: '44' },
      ['/claims/region 凭证中没有有效的地区代码'],
    ],
    [
      'two roles',
      BY_GROUPS,
      { sub: 'a', 'cognito:groups': '[auditor bank region-440904]' },
      ['/claims/cognito:groups 凭证中有多个角色，只能有一个'],
    ],
    [
      'two regions',
      BY_GROUPS,
      { sub: 'a', 'cognito:groups': '[auditor region-440904 region-440905]' },
      ['/claims/cognito:groups 凭证中有多个地区代码，只能有一个'],
    ],
    ['no account', {}, { role: 'auditor', region: '440904' }, ['/claims/sub 缺少账号标识']],
    [
      'a list of anything but text',
      {},
      { sub: 'a', role: [{ toString: 1 }, ['auditor']], region: '440904' },
      ['/claims/role 凭证中没有有效的角色'],
    ],
  ])('are refused with the reason: %s', (_, environment, claims, reasons) => {
    Object.assign(process.env, environment);
    expect(refused(claims)).toEqual(reasons);
  });
});

describe('the realm that is shipped for Keycloak', () => {
  const realm = JSON.parse(readFileSync('docs/deploy/keycloak/shouwang-realm.json', 'utf8'));
  const [client] = realm.clients;
  let server: Server | undefined;
  afterEach(() => server?.close());

  /** What Keycloak's mappers of this client would put into an access token of a user. */
  function claimsOf(user: { username: string; attributes: Record<string, string[]> }): Record<string, unknown> {
    const claims: Record<string, unknown> = { sub: `f:${user.username}`, azp: client.clientId, typ: 'Bearer' };
    for (const { protocolMapper, config } of client.protocolMappers) {
      if (config['access.token.claim'] !== 'true') continue;
      if (protocolMapper === 'oidc-audience-mapper') claims['aud'] = config['included.custom.audience'];
      else if (protocolMapper === 'oidc-usermodel-attribute-mapper')
        claims[config['claim.name']] = user.attributes[config['user.attribute']]?.[0];
      else throw new Error(`${protocolMapper} is not known here.`);
    }
    return claims;
  }

  it('makes tokens that the authorizer takes and whose role and region are read, for every user of it', async () => {
    const { privateKey, publicKey } = await generateKeyPair(realm.defaultSignatureAlgorithm);
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k', alg: realm.defaultSignatureAlgorithm, use: 'sig' };
    const made = createServer((request, response) => {
      response.setHeader('content-type', 'application/json');
      const isDiscovery = request.url?.endsWith('/.well-known/openid-configuration') === true;
      response.end(JSON.stringify(isDiscovery ? { issuer, jwks_uri: `${issuer}/certs` } : { keys: [jwk] }));
    });
    server = made;
    await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
    const issuer = `http://127.0.0.1:${(made.address() as AddressInfo).port}/realms/${realm.realm}`;
    const clock = new Clock({ mode: 'real', file: join(mkdtempSync(join(tmpdir(), 'shouwang-realm-')), 'clock.json') });
    const authorizer = new Authorizer({ issuer, audience: ['shouwang'], clock });
    expect(realm.users.length).toBeGreaterThan(2);
    for (const user of realm.users) {
      const token = await new SignJWT(claimsOf(user))
        .setProtectedHeader({ alg: realm.defaultSignatureAlgorithm, kid: 'k' })
        .setIssuer(issuer)
        .setIssuedAt()
        .setExpirationTime(realm.accessTokenLifespan + Math.floor(Date.now() / 1000))
        .sign(privateKey);
      const verdict = await authorizer.judge(`Bearer ${token}`, []);
      if (!('claims' in verdict)) throw new Error(verdict.reason);
      expect(claimed(verdict.claims)).toMatchObject({
        role: user.attributes.role[0],
        region: user.attributes.region[0],
      });
    }
    clock.close();
  });

  it('lets in nothing but the code with a proof, has two district officers, and knows the roles of this release', () => {
    expect(client).toMatchObject({
      publicClient: true,
      implicitFlowEnabled: false,
      directAccessGrantsEnabled: false,
      attributes: { 'pkce.code.challenge.method': 'S256' },
    });
    const officers = realm.users.filter(
      (user: { attributes: { role: string[] } }) => user.attributes.role[0] === 'district-officer',
    );
    expect(officers).toHaveLength(2);
    // An import gives a user no roles by itself, and who lacks these may not ask for `offline_access`, as console and field page do.
    for (const user of realm.users) expect(user.realmRoles).toEqual([`default-roles-${realm.realm}`]);
    const [profile] = realm.components['org.keycloak.userprofile.UserProfileProvider'];
    const { attributes } = JSON.parse(profile.config['kc.user.profile.config'][0]);
    const asked = attributes.find(({ name }: { name: string }) => name === 'role').validations.options.options;
    expect(asked.sort()).toEqual([...role.options].sort());
  });
});
