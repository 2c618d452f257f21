import * as z from 'zod';
import { regionCode } from '../../functions/contracts/regions.ts';
import { role } from '../../functions/contracts/roles.ts';
import { setting } from './config.ts';
import { authorizationAddress, newAttempt, payloadOf } from './pkce.ts';
import { endSessionAddress, revoke } from './sign-out.ts';

/** Who is signed in, as the token says; the API checks it again with every request. */
const claims = z.object({ sub: z.string(), role, region: regionCode });
export type Me = z.infer<typeof claims>;

const tokens = z.object({
  access_token: z.string(),
  refresh_token: z.string().optional(),
  id_token: z.string().optional(),
});
type Tokens = z.infer<typeof tokens>;

export type Session = { state: 'out' } | { state: 'in'; me: Me } | { state: 'ended'; me: Me };

const KEY = 'shouwang.session';
const CHANNEL = 'shouwang.session';
const PENDING = 'shouwang.sign-in';
const pending = z.object({ state: z.string(), verifier: z.string(), back: z.string(), beside: z.string().optional() });
/** Under which name a window that signed in for another hands the session over. */
const handed = z.object({ beside: z.string(), tokens });

let held: Tokens | undefined = stored();
let session: Session = held === undefined ? { state: 'out' } : { state: 'in', me: meOf(held) };
let renewing: Promise<boolean> | undefined;
const listeners = new Set<() => void>();

/** For useSyncExternalStore. */
export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
export function currentSession(): Session {
  return session;
}

export function accessToken(): string | undefined {
  return held?.access_token;
}

/** Leads to the issuer; it comes back to `signed-in` and from there to `back`, or hands the session to the window that asked for it by `beside`. */
export async function signIn(back: string, beside?: string): Promise<void> {
  const { config, endpoints } = await setting();
  const attempt = { ...newAttempt(), back, beside };
  sessionStorage.setItem(PENDING, JSON.stringify(attempt));
  location.assign(await authorizationAddress(endpoints.authorization_endpoint, config, attempt, redirect()));
}

/**
 * Signs in in a window of its own after the session has ended, so that what was typed in this one stays: it goes on with the session made there. Somebody
 * else who signs in there begins this window anew. @returns false when the browser opens no window
 */
export function signInBeside(): boolean {
  const beside = crypto.randomUUID();
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }) => {
    const told = handed.safeParse(data).data;
    if (told?.beside !== beside) return;
    channel.close();
    const before = session.state === 'out' ? undefined : session.me;
    keep(told.tokens);
    const { sub, role: as, region } = meOf(told.tokens);
    if (before?.sub !== sub || before.role !== as || before.region !== region) location.reload();
  };
  return window.open(`${import.meta.env.BASE_URL}signed-in?beside=${beside}`) !== null;
}

/**
 * Redeems the code the issuer sent.
 * @returns where the person was, `handed` when the session was for another window, or undefined when this is no answer to a question of ours
 */
export async function finishSignIn(search: URLSearchParams): Promise<{ back: string } | 'handed' | undefined> {
  const attempt = pending.safeParse(JSON.parse(sessionStorage.getItem(PENDING) ?? 'null')).data;
  sessionStorage.removeItem(PENDING);
  const code = search.get('code');
  if (attempt === undefined || code === null || search.get('state') !== attempt.state) return undefined;
  const { config } = await setting();
  const got = await ask({
    grant_type: 'authorization_code',
    code,
    code_verifier: attempt.verifier,
    redirect_uri: redirect(),
    client_id: config.clientId,
  });
  if (got === undefined) return undefined;
  if (attempt.beside !== undefined) {
    const channel = new BroadcastChannel(CHANNEL);
    channel.postMessage({ beside: attempt.beside, tokens: got });
    channel.close();
    return 'handed';
  }
  keep(got);
  return { back: attempt.back };
}

/**
 * A new access token by the refresh token; without one, or when it is refused, the session has ended. Asked for once at a time.
 * @throws when the issuer is not reached or in trouble, which ends nothing
 */
export function renew(): Promise<boolean> {
  renewing ??= (async () => {
    const { config } = await setting();
    const refresh = held?.refresh_token;
    const got =
      refresh === undefined
        ? undefined
        : await ask({ grant_type: 'refresh_token', refresh_token: refresh, client_id: config.clientId });
    if (got !== undefined) keep({ ...held, ...got });
    else end();
    return got !== undefined;
  })().finally(() => {
    renewing = undefined;
  });
  return renewing;
}

let signingOut = false;
/** Whether this window is being left for good: it asks nobody, or it would stay with what it shows, and nobody be signed in. */
export function isSigningOut(): boolean {
  return signingOut;
}

/** Forgets the tokens here, takes back the one that would renew them, and ends the issuer's own session. */
export async function signOut(): Promise<void> {
  const { id_token, refresh_token } = held ?? {};
  held = undefined;
  signingOut = true;
  sessionStorage.removeItem(KEY);
  const home = `${location.origin}${import.meta.env.BASE_URL}`;
  // Whatever becomes of the issuer, nothing of what was shown stays in this window.
  const known = await setting().catch(() => undefined);
  if (known === undefined) return location.assign(home);
  const { config, endpoints } = known;
  await revoke(endpoints, config.clientId, refresh_token);
  location.assign(endSessionAddress(endpoints, config.clientId, home, id_token) ?? home);
}

function end(): void {
  held = undefined;
  sessionStorage.removeItem(KEY);
  if (session.state === 'in') tell({ state: 'ended', me: session.me });
}

function keep(next: Tokens): void {
  held = next;
  sessionStorage.setItem(KEY, JSON.stringify(next));
  tell({ state: 'in', me: meOf(next) });
}

function tell(next: Session): void {
  session = next;
  for (const listener of listeners) listener();
}

async function ask(form: Record<string, string>): Promise<Tokens | undefined> {
  const { endpoints } = await setting();
  const response = await fetch(endpoints.token_endpoint, { method: 'POST', body: new URLSearchParams(form) });
  if (response.ok) return tokens.parse(await response.json());
  // A refusal is final; an issuer in trouble is not.
  if (response.status === 400 || response.status === 401) return undefined;
  throw new Error(`The issuer answered ${response.status}.`);
}

function stored(): Tokens | undefined {
  try {
    return tokens.parse(JSON.parse(sessionStorage.getItem(KEY) ?? 'null'));
  } catch {
    return undefined;
  }
}

function meOf({ access_token }: Tokens): Me {
  return claims.parse(payloadOf(access_token));
}

function redirect(): string {
  return `${location.origin}${import.meta.env.BASE_URL}signed-in`;
}
