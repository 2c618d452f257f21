import { type FieldError, Problem } from '../contracts/problems.ts';
import { regionCode } from '../contracts/regions.ts';
import { type Role, role } from '../contracts/roles.ts';

/** Who calls, as the token says it. */
export interface Claimed {
  sub: string;
  role: Role;
  region: string;
}

type Claims = Readonly<Record<string, unknown>>;

/**
 * Reads role and region from a token's claims, under the names the deployment says (`RoleClaim`, `RegionClaim`: `role` and `region` unless told otherwise).
 * Issuers differ: Cognito puts attributes of its own under `custom:` and groups into a list, Keycloak lists roles. Of a list exactly one entry must be a role, and one
 * a division code; a prefix as in `region-440904116` is taken away, for where names must begin with a letter.
 * @throws Problem `unauthenticated`, with what is wrong for whoever sets up the issuer
 */
export function claimed(claims: unknown): Claimed {
  const all: Claims = Object(claims);
  const sub =
    typeof all['sub'] === 'string' && all['sub'].length > 0 && all['sub'].length <= 64 ? all['sub'] : undefined;
  const roles = entries(all, process.env['ROLE_CLAIM'] || 'role').flatMap((entry) => role.safeParse(entry).data ?? []);
  const regions = entries(all, process.env['REGION_CLAIM'] || 'region').flatMap(
    (entry) => regionCode.safeParse(entry.replace(/^region-/, '')).data ?? [],
  );
  const [first] = roles;
  const [region] = regions;
  if (sub === undefined || first === undefined || region === undefined || roles.length > 1 || regions.length > 1) {
    throw new Problem('unauthenticated', {
      errors: [
        ...(sub === undefined ? [wrong('sub', '缺少账号标识')] : []),
        ...single(process.env['ROLE_CLAIM'] || 'role', '角色', roles.length),
        ...single(process.env['REGION_CLAIM'] || 'region', '地区代码', regions.length),
      ],
    });
  }
  return { sub, role: first, region };
}

/** A claim as the gateway hands it on: text, a list as `[a b]`, and from some issuers a list in JSON or with commas. */
function entries(claims: Claims, name: string): string[] {
  const value = claims[name];
  if (Array.isArray(value)) return value.filter((entry) => typeof entry === 'string');
  if (typeof value !== 'string') return [];
  return value.startsWith('[')
    ? value
        .slice(1, -1)
        .split(/[\s,]+/)
        .map((entry) => entry.replace(/^"|"$/g, ''))
    : [value];
}

function single(name: string, what: string, count: number): FieldError[] {
  if (count === 1) return [];
  return [wrong(name, count === 0 ? `凭证中没有有效的${what}` : `凭证中有多个${what}，只能有一个`)];
}

function wrong(name: string, detail: string): FieldError {
  return { pointer: `/claims/${name}`, code: 'claim', detail };
}
