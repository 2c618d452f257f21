import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import * as z from 'zod';
import type { Clock } from '../clock.ts';

const discovery = z.object({ issuer: z.string(), jwks_uri: z.url() });

export interface Claims {
  claims: Record<string, string>;
  scopes: string[] | null;
}

/** What the authorizer decided: the claims, or the status to answer with. */
export type Verdict = Claims | { status: 401 | 403; reason: string };

/** A JWT authorizer as an HTTP API has it: RS256 only, keys by discovery, times judged by the stack's clock. */
export class Authorizer {
  readonly #issuer: string;
  readonly #audience: readonly string[];
  readonly #clock: Clock;
  #keys: Promise<ReturnType<typeof createRemoteJWKSet>> | undefined;

  constructor(settings: { issuer: string; audience: readonly string[]; clock: Clock }) {
    this.#issuer = settings.issuer;
    this.#audience = settings.audience;
    this.#clock = settings.clock;
  }

  /** @param scopes of the route: the token must hold one of them */
  async judge(header: string | undefined, scopes: readonly string[]): Promise<Verdict> {
    const token = header?.replace(/^Bearer /i, '');
    if (token === undefined || token === '') return { status: 401, reason: '' };
    const payload = await this.#verified(token).catch((error: unknown) => {
      // A key that cannot be fetched must not be remembered as missing.
      if (!(error instanceof errors.JOSEError)) this.#keys = undefined;
      return error instanceof Error ? error.message : String(error);
    });
    if (typeof payload === 'string') return { status: 401, reason: payload };
    const wrong = this.#wrong(payload);
    if (wrong !== undefined) return { status: 401, reason: wrong };
    const held = scopesOf(payload);
    if (scopes.length > 0 && !scopes.some((scope) => held.includes(scope)))
      return { status: 403, reason: 'insufficient scope' };
    return {
      claims: Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, claimText(value)])),
      scopes: scopes.length > 0 ? held : null,
    };
  }

  async #verified(token: string): Promise<JWTPayload> {
    this.#keys ??= this.#discover();
    const { payload } = await jwtVerify(token, await this.#keys, {
      algorithms: ['RS256'],
      issuer: this.#issuer,
      requiredClaims: ['exp'],
      currentDate: new Date(this.#clock.now()),
    });
    return payload;
  }

  /** Audience, or the client's id where a token has no audience; and no token from the future. */
  #wrong({ aud, client_id: client, iat }: JWTPayload): string | undefined {
    const audiences = aud === undefined ? [client].flat() : [aud].flat();
    if (!audiences.some((each) => typeof each === 'string' && this.#audience.includes(each)))
      return 'unexpected audience';
    return iat !== undefined && iat > this.#clock.now() / 1000 ? 'issued in the future' : undefined;
  }

  async #discover(): Promise<ReturnType<typeof createRemoteJWKSet>> {
    const response = await fetch(`${this.#issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
    const { jwks_uri: keys } = discovery.parse(await response.json());
    // An unknown key is asked for again soon: after a rotation the first token signed with the new key comes at once.
    return createRemoteJWKSet(new URL(keys), { cooldownDuration: 1_000 });
  }
}

function scopesOf({ scope, scp }: JWTPayload): string[] {
  const value = scope ?? scp;
  if (typeof value === 'string') return value.split(' ');
  return Array.isArray(value) ? value.map(String) : [];
}

/** An HTTP API hands every claim on as text; lists as `[a b]`. */
function claimText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(String).join(' ')}]`;
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}
