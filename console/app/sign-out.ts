import * as z from 'zod';

/** What an issuer may offer for signing out; both are optional in its discovery document. */
export const signOutEndpoints = {
  revocation_endpoint: z.string().optional(),
  end_session_endpoint: z.string().optional(),
};
type Endpoints = { revocation_endpoint?: string | undefined; end_session_endpoint?: string | undefined };

/** RFC 7009: the refresh token opens nothing any more, wherever a copy of it lies. Without an answer it runs out by itself. */
export async function revoke(
  { revocation_endpoint }: Endpoints,
  clientId: string,
  refresh: string | undefined,
): Promise<void> {
  if (revocation_endpoint === undefined || refresh === undefined) return;
  const body = new URLSearchParams({ token: refresh, token_type_hint: 'refresh_token', client_id: clientId });
  await fetch(revocation_endpoint, { method: 'POST', body }).catch(() => undefined);
}

/** Where the issuer ends its own session and leads back; undefined when it has no such page. */
export function endSessionAddress(
  { end_session_endpoint }: Endpoints,
  clientId: string,
  back: string,
  id: string | undefined,
): URL | undefined {
  if (end_session_endpoint === undefined) return undefined;
  const url = new URL(end_session_endpoint);
  url.search = new URLSearchParams({
    client_id: clientId,
    post_logout_redirect_uri: back,
    ...(id === undefined ? {} : { id_token_hint: id }),
  }).toString();
  return url;
}
