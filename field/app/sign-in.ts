import * as z from 'zod';
import { type Endpoints, endpointsOf } from '../../console/app/discovery.ts';
import { authorizationAddress, newAttempt, payloadOf } from '../../console/app/pkce.ts';
import { endSessionAddress, revoke } from '../../console/app/sign-out.ts';
import { regionCode } from '../../functions/contracts/regions.ts';
import { role } from '../../functions/contracts/roles.ts';

/*
 * Signing in as the console does (authorization code with PKCE), but what comes of it is kept in the vault: until its PIN is given the tokens are
 * in memory only.
 */
const claims = z.object({ iss: z.string(), sub: z.string(), role, region: regionCode });
/** Who is signed in, as the token says; the API checks it again with every request. */
export type Me = z.infer<typeof claims>;

const tokens = z.object({
  access_token: z.string(),
  refresh_token: z.string().optional(),
  id_token: z.string().optional(),
});
export type Tokens = z.infer<typeof tokens>;

const configuration = z.object({ issuer: z.string(), clientId: z.string(), audience: z.string(), scope: z.string() });
const pending = z.object({ state: z.string(), verifier: z.string() });
const PENDING = 'shouwang.field.sign-in';
/** An issuer that does not answer by then is not reached: whoever locks the page waits for it. */
const PATIENCE_MS = 20_000;

type Setting = { config: z.infer<typeof configuration>; endpoints: Endpoints };
let known: Promise<Setting> | undefined;

function setting(): Promise<Setting> {
  known ??= inTime(
    (async () => {
      const config = configuration.parse(await (await fetch('/field/config.json', { cache: 'no-cache' })).json());
      return { config, endpoints: await endpointsOf(config.issuer) };
    })(),
  );
  known.catch(() => {
    known = undefined;
  });
  return known;
}

/** Leads to the issuer, which comes back to `signed-in`. */
export async function signIn(): Promise<void> {
  const { config, endpoints } = await setting();
  const attempt = newAttempt();
  sessionStorage.setItem(PENDING, JSON.stringify(attempt));
  const address = await authorizationAddress(endpoints.authorization_endpoint, config, attempt, redirect());
  // Phones are lent: the issuer asks who it is, even while it still knows whoever signed in last.
  address.searchParams.set('prompt', 'login');
  location.assign(address);
}

/** Redeems the code in the address, if the address is the answer to a question of ours. */
export async function finishSignIn(): Promise<Tokens | undefined> {
  const search = new URLSearchParams(location.search);
  const attempt = pending.safeParse(JSON.parse(sessionStorage.getItem(PENDING) ?? 'null')).data;
  sessionStorage.removeItem(PENDING);
  history.replaceState(null, '', '/field/');
  const code = search.get('code');
  if (attempt === undefined || code === null || search.get('state') !== attempt.state) return undefined;
  const got = await ask({
    grant_type: 'authorization_code',
    code,
    code_verifier: attempt.verifier,
    redirect_uri: redirect(),
  });
  return got === 'refused' ? undefined : got;
}

/** New tokens by the refresh token. `refused`: only signing in anew helps. @throws when the issuer is not reached, which ends nothing */
export async function renew(held: Tokens): Promise<Tokens | 'refused'> {
  if (held.refresh_token === undefined) return 'refused';
  const got = await ask({ grant_type: 'refresh_token', refresh_token: held.refresh_token });
  return got === 'refused' ? got : { ...held, ...got };
}

/** Ends the issuer's session too, so that the next person on this phone is asked who they are. @returns whether the page is on its way there */
export async function endSession(held: Tokens): Promise<boolean> {
  const { config, endpoints } = await setting();
  await revoke(endpoints, config.clientId, held.refresh_token);
  const address = endSessionAddress(endpoints, config.clientId, `${location.origin}/field/`, held.id_token);
  if (address === undefined) return false;
  location.assign(address);
  return true;
}

async function ask(form: Record<string, string>): Promise<Tokens | 'refused'> {
  const { config, endpoints } = await setting();
  const response = await inTime(
    fetch(endpoints.token_endpoint, {
      method: 'POST',
      body: new URLSearchParams({ ...form, client_id: config.clientId }),
    }),
  );
  if (response.ok) return tokens.parse(await response.json());
  // A refusal of the token is final; an issuer in trouble is not.
  if (response.status === 400 || response.status === 401) return 'refused';
  throw new Error(`The issuer answered ${response.status}.`);
}

/** @throws when the line is stuck */
function inTime<T>(answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error('The issuer does not answer.')), PATIENCE_MS);
    answer.then(resolve, reject);
  });
}

export function meOf({ access_token }: Tokens): Me {
  return claims.parse(payloadOf(access_token));
}

function redirect(): string {
  return `${location.origin}/field/signed-in`;
}
