import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { createLocalJWKSet, jwtVerify } from 'jose';
import * as z from 'zod';
import type { Clock } from '../clock.ts';
import type { Account } from './account.ts';
import { LIFETIME, type SigningKeys } from './keys.ts';
import { authorizePage, plainPage, type SignInPage } from './page.ts';

export interface IssuerRequest {
  method: string;
  /** Below the issuer's own address: `/token`. */
  path: string;
  query: URLSearchParams;
  form: URLSearchParams;
}

export interface IssuerReply {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** A code of the sign-in page may be redeemed once, within a minute of real time. */
const CODE_LIFE_MS = 60_000;

/** A refresh token outlives a working week; its account is asked for again after that. */
const REFRESH_LIFE_S = 7 * 24 * 3600;
const REFRESH = 'refresh';

interface Who {
  account: Account;
  region: string | undefined;
  person: number;
}

interface Code extends Who {
  challenge: string;
  redirect: string;
  client: string;
  nonce: string | undefined;
  until: number;
}

const refreshed = z.object({ account: z.string(), person: z.int(), own: z.string().optional(), jti: z.string() });

class Refusal extends Error {
  readonly code: string;

  constructor(code: string, description: string) {
    super(description);
    this.code = code;
  }
}

/** An OpenID Connect issuer for development: it believes everybody who names an account. */
export class Issuer {
  readonly #url: string;
  readonly #keys: SigningKeys;
  readonly #clock: Clock;
  readonly #accounts: readonly Account[];
  readonly #codes = new Map<string, Code>();
  readonly #page: SignInPage;
  /** Refresh tokens that were used or signed out, by their id. */
  readonly #spent = new Set<string>();
  /** Whom the tokens are for when the request does not say. */
  audience: string;

  constructor(parts: {
    url: string;
    keys: SigningKeys;
    clock: Clock;
    accounts: readonly Account[];
    audience: string;
    page?: SignInPage | undefined;
  }) {
    this.#url = parts.url;
    this.#keys = parts.keys;
    this.#clock = parts.clock;
    this.#accounts = parts.accounts;
    this.audience = parts.audience;
    this.#page = parts.page ?? plainPage;
  }

  async answer(request: IssuerRequest): Promise<IssuerReply> {
    try {
      return await this.#answer(request);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return json(400, { error: error.code, error_description: error.message });
    }
  }

  async #answer({ method, path, query, form }: IssuerRequest): Promise<IssuerReply> {
    switch (`${method} ${path}`) {
      case 'GET /.well-known/openid-configuration':
        return json(200, this.#configuration());
      case 'GET /jwks':
        return json(200, this.#keys.jwks());
      case 'GET /accounts':
        return json(200, { accounts: this.#accounts });
      case 'POST /rotate':
        await this.#keys.rotate();
        return json(200, this.#keys.jwks());
      case 'POST /token':
        return json(200, await this.#tokens(form));
      case 'GET /authorize':
        return this.#authorize(query);
      case 'POST /revoke':
        return await this.#revoke(form);
      case 'GET /end-session':
        return this.#endSession(query);
      default:
        return json(404, { error: 'not_found', error_description: `The issuer has no ${method} ${path}.` });
    }
  }

  #configuration(): Record<string, unknown> {
    return {
      issuer: this.#url,
      authorization_endpoint: `${this.#url}/authorize`,
      token_endpoint: `${this.#url}/token`,
      jwks_uri: `${this.#url}/jwks`,
      revocation_endpoint: `${this.#url}/revoke`,
      end_session_endpoint: `${this.#url}/end-session`,
      response_types_supported: ['code'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      code_challenge_methods_supported: ['S256'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: ['none'],
      scopes_supported: ['openid', 'offline_access'],
    };
  }

  #tokens(form: URLSearchParams): Promise<Record<string, unknown>> {
    switch (form.get('grant_type')) {
      case 'authorization_code':
        return this.#redeem(form);
      case 'refresh_token':
        return this.#refresh(form);
      default:
        return this.#grant(form);
    }
  }

  /** A token for whoever names an account: for scripts and tests. */
  async #grant(form: URLSearchParams): Promise<Record<string, unknown>> {
    const who = this.#who(form);
    return {
      access_token: await this.#token(who, form.get('audience') ?? this.audience),
      token_type: 'Bearer',
      expires_in: LIFETIME,
    };
  }

  #authorize(query: URLSearchParams): IssuerReply {
    const redirect = query.get('redirect_uri') ?? '';
    if (!isLoopback(redirect)) throw new Refusal('invalid_request', 'redirect_uri must lead to this machine.');
    if (query.get('response_type') !== 'code')
      throw new Refusal('unsupported_response_type', 'response_type must be code.');
    if (query.get('code_challenge_method') !== 'S256' || query.get('code_challenge') === null)
      throw new Refusal('invalid_request', 'A code_challenge with method S256 is needed (PKCE).');
    if (query.get('account') === null)
      return {
        status: 200,
        headers: { 'content-type': 'text/html; charset=utf-8' },
        body: authorizePage(this.#accounts, query, this.#page),
      };
    const code = randomBytes(24).toString('base64url');
    this.#codes.set(code, {
      ...this.#who(query),
      challenge: query.get('code_challenge') ?? '',
      redirect,
      client: query.get('client_id') ?? '',
      nonce: query.get('nonce') ?? undefined,
      until: performance.now() + CODE_LIFE_MS,
    });
    const target = new URL(redirect);
    target.searchParams.set('code', code);
    const state = query.get('state');
    if (state !== null) target.searchParams.set('state', state);
    return { status: 302, headers: { location: target.href }, body: '' };
  }

  async #redeem(form: URLSearchParams): Promise<Record<string, unknown>> {
    const code = this.#codes.get(form.get('code') ?? '');
    this.#codes.delete(form.get('code') ?? '');
    const proof = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (code === undefined || code.until < performance.now())
      throw new Refusal('invalid_grant', 'The code is unknown, used already, or too old.');
    if (code.challenge !== proof) throw new Refusal('invalid_grant', 'code_verifier does not fit the code_challenge.');
    if (code.redirect !== form.get('redirect_uri') || code.client !== (form.get('client_id') ?? ''))
      throw new Refusal('invalid_grant', 'The code was given to another client or redirect_uri.');
    return this.#granted(code, code.client, code.nonce);
  }

  /** Each refresh token is good once; the answer brings the next. */
  async #refresh(form: URLSearchParams): Promise<Record<string, unknown>> {
    const client = form.get('client_id') ?? '';
    const held = await this.#heldBy(form.get('refresh_token') ?? '', client);
    if (held === undefined)
      throw new Refusal('invalid_grant', 'The refresh token has ended, or belongs to another client.');
    if (this.#spent.has(held.jti)) throw new Refusal('invalid_grant', 'The refresh token was used already.');
    this.#spent.add(held.jti);
    const fields = new URLSearchParams({
      account: held.account,
      person: String(held.person),
      ...(held.own === undefined ? {} : { region: held.own }),
    });
    return this.#granted(this.#who(fields), client);
  }

  /** RFC 7009: a refresh token is spent; what is none is answered alike. */
  async #revoke(form: URLSearchParams): Promise<IssuerReply> {
    const held = await this.#heldBy(form.get('token') ?? '', form.get('client_id') ?? '');
    if (held !== undefined) this.#spent.add(held.jti);
    return { status: 200, headers: { 'cache-control': 'no-store' }, body: '' };
  }

  /** What a refresh token of this client holds; undefined when it is none, or has ended. */
  async #heldBy(token: string, client: string): Promise<z.infer<typeof refreshed> | undefined> {
    const checked = await jwtVerify(token, createLocalJWKSet(this.#keys.jwks()), {
      issuer: this.#url,
      audience: this.#refreshFor(client),
      currentDate: new Date(this.#clock.now()),
    }).catch(() => undefined);
    // Somebody may have asked for another token under this audience.
    return checked === undefined ? undefined : refreshed.safeParse(checked.payload).data;
  }

  #endSession(query: URLSearchParams): IssuerReply {
    const back = query.get('post_logout_redirect_uri') ?? '';
    if (!isLoopback(back)) throw new Refusal('invalid_request', 'post_logout_redirect_uri must lead to this machine.');
    return { status: 302, headers: { location: new URL(back).href }, body: '' };
  }

  async #granted(who: Who, client: string, nonce?: string): Promise<Record<string, unknown>> {
    const now = Math.floor(this.#clock.now() / 1000);
    return {
      access_token: await this.#token(who, this.audience),
      id_token: await this.#token(who, client, nonce),
      refresh_token: await this.#keys.sign({
        ...{
          account: who.account.account,
          person: who.person,
          ...(who.region === undefined ? {} : { own: who.region }),
        },
        ...{ iss: this.#url, aud: this.#refreshFor(client), iat: now, exp: now + REFRESH_LIFE_S, jti: randomUUID() },
      }),
      token_type: 'Bearer',
      expires_in: LIFETIME,
    };
  }

  /** No audience an API takes: a refresh token opens nothing but this issuer's token endpoint. */
  #refreshFor(client: string): string {
    return `${this.#url}/${REFRESH}/${client}`;
  }

  #who(fields: URLSearchParams): Who {
    const name = fields.get('account') ?? '';
    const account = this.#accounts.find((each) => each.account === name);
    if (account === undefined) {
      throw new Refusal(
        'invalid_request',
        `There is no account "${name}". There are: ${this.#accounts.map((each) => each.account).join(', ')}.`,
      );
    }
    const region = fields.get('region') ?? undefined;
    const own = account.claims['region'];
    if (region !== undefined && (own === undefined || !region.startsWith(own)))
      throw new Refusal(
        'invalid_scope',
        `Region ${region} is not inside the region of account ${name} (${own ?? 'it has none'}).`,
      );
    const person = fields.get('person') ?? '1';
    if (!/^[1-9]$/.test(person)) throw new Refusal('invalid_request', 'person must be 1 to 9.');
    return { account, region, person: Number(person) };
  }

  #token({ account, region, person }: Who, audience: string, nonce?: string): Promise<string> {
    const now = Math.floor(this.#clock.now() / 1000);
    return this.#keys.sign({
      ...account.claims,
      ...(region === undefined ? {} : { region }),
      ...(nonce === undefined ? {} : { nonce }),
      iss: this.#url,
      sub: person === 1 ? account.account : `${account.account}-${person}`,
      aud: audience,
      iat: now,
      exp: now + LIFETIME,
      jti: randomUUID(),
    });
  }
}

function isLoopback(url: string): boolean {
  return URL.canParse(url) && /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?\//.test(url);
}

function json(status: number, value: unknown): IssuerReply {
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify(value),
  };
}
