import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, importJWK, type JWK, type JWTPayload, SignJWT } from 'jose';
import * as z from 'zod';
import type { Clock } from '../clock.ts';
import { readJsonFile, writeJsonFile } from '../json-file.ts';

/** Tokens live this long, in seconds of the stack's clock: a working day and the evening after. */
export const LIFETIME = 12 * 3600;

const jwk = z.looseObject({ kty: z.string(), kid: z.string() });
const stored = z.strictObject({ keys: z.array(z.strictObject({ key: jwk, retired: z.number().optional() })).min(1) });
type Stored = z.output<typeof stored>;

/** Signs the issuer's tokens. The keys lie in a file that only its owner may read, so that tokens outlive a restart. */
export class SigningKeys {
  readonly #file: string;
  readonly #clock: Clock;
  #keys: Stored['keys'];

  private constructor(file: string, clock: Clock, keys: Stored['keys']) {
    this.#file = file;
    this.#clock = clock;
    this.#keys = keys;
  }

  /** @throws StartError when the key file is damaged */
  static async open(file: string, clock: Clock): Promise<SigningKeys> {
    const existing = readJsonFile(file, stored);
    const keys = new SigningKeys(file, clock, existing?.keys ?? []);
    if (existing === undefined) await keys.rotate();
    return keys;
  }

  /** From now on a new key signs; the older ones stay known until the last token they signed has ended. */
  async rotate(): Promise<void> {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true });
    const key = { ...(await exportJWK(privateKey)), kty: 'RSA', kid: randomUUID(), alg: 'RS256', use: 'sig' };
    const now = this.#clock.now();
    this.#keys = [
      { key },
      ...this.#keys.filter((each) => !hasEnded(each, now)).map((each) => ({ ...each, retired: each.retired ?? now })),
    ];
    writeJsonFile(this.#file, { keys: this.#keys }, 0o600);
  }

  /** The public halves. */
  jwks(): { keys: JWK[] } {
    const now = this.#clock.now();
    return {
      keys: this.#keys
        .filter((each) => !hasEnded(each, now))
        .map(({ key: { kty, kid, n, e } }) => ({ kty, kid, n: String(n), e: String(e), alg: 'RS256', use: 'sig' })),
    };
  }

  async sign(claims: JWTPayload): Promise<string> {
    const current = this.#keys[0]?.key;
    if (current === undefined) throw new Error('The issuer has no key.');
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: current.kid })
      .sign(await importJWK(current, 'RS256'));
  }
}

function hasEnded({ retired }: Stored['keys'][number], now: number): boolean {
  return retired !== undefined && now > retired + LIFETIME * 1000;
}
