/*
 * What signing in by authorization code with PKCE (RFC 7636) needs, for the console and the field page alike. Nothing younger than the field page's
 * browser floor is used.
 */

/** What is remembered until the issuer sends the person back. */
export interface Attempt {
  state: string;
  verifier: string;
}

export function newAttempt(): Attempt {
  return { state: random(), verifier: random() };
}

/** The issuer's address at which somebody signs in and comes back to `redirect` with a code. */
export async function authorizationAddress(
  endpoint: string,
  { clientId, scope, audience }: { clientId: string; scope: string; audience: string },
  { state, verifier }: Attempt,
  redirect: string,
): Promise<URL> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  const url = new URL(endpoint);
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirect,
    scope,
    audience,
    state,
    code_challenge: base64url(new Uint8Array(digest)),
    code_challenge_method: 'S256',
  }).toString();
  return url;
}

/** What a token says, unchecked: the API checks it with every request. */
export function payloadOf(token: string): unknown {
  const body = (token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/');
  const bytes = Uint8Array.from(atob(body), (sign) => sign.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}

function random(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=/g, '');
}
