import * as z from 'zod';
import { signOutEndpoints } from './sign-out.ts';

const metadata = z.object({
  issuer: z.string(),
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  ...signOutEndpoints,
});
export type Endpoints = z.infer<typeof metadata>;

/**
 * Where an issuer answers, by its own metadata, for the console and the field page alike. It must name that issuer to the letter: else somebody else's
 * endpoints would be believed (OpenID Connect Discovery 1.0, 4.3).
 * @throws z.ZodError when it names another, or leaves an endpoint out
 */
export async function endpointsOf(issuer: string): Promise<Endpoints> {
  const found = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  return metadata.extend({ issuer: z.literal(issuer) }).parse(await found.json());
}
