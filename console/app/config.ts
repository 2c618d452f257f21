import * as z from 'zod';
import { type Endpoints, endpointsOf } from './discovery.ts';

/** What a deployment tells the console, in `config.json` beside it. */
const config = z.object({
  issuer: z.string(),
  clientId: z.string(),
  /** Asked for at the token endpoint, for issuers that make tokens for several services. */
  audience: z.string(),
  scope: z.string(),
  /** Where a GeoJSON of the divisions lies, from the console's own address; left out or empty: the map is one of tiles. */
  boundaries: z.string().optional(),
});
export type Config = z.infer<typeof config>;

let known: Promise<{ config: Config; endpoints: Endpoints }> | undefined;

/** The configuration and where the issuer answers, asked for once. */
export function setting(): Promise<{ config: Config; endpoints: Endpoints }> {
  known ??= (async () => {
    const mine = config.parse(
      await (await fetch(`${import.meta.env.BASE_URL}config.json`, { cache: 'no-cache' })).json(),
    );
    return { config: mine, endpoints: await endpointsOf(mine.issuer) };
  })();
  known.catch(() => {
    known = undefined;
  });
  return known;
}
