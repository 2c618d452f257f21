import type { ProblemCode } from '../contracts/problems.ts';
import { contains, isAtLeast, type Level } from '../contracts/regions.ts';
import type { Role } from '../contracts/roles.ts';

/** What a route asks of who calls it. */
export interface Grant {
  /** Who may call; `public` needs no login. */
  roles: readonly Role[] | 'public';
  /** How wide a region the caller must answer for: an act for the whole district is not an officer's of one village. Left out: any. */
  level?: Level;
}

/**
 * Why a route is refused to an official, before anything is read: the first of wrong role, another district, too narrow a region; undefined when it
 * is not. What the request names must lie in the caller's region besides (`contains`), and who did one act in a matter may be kept from another
 * (docs/separation-of-duties.md). `test/api/permissions.cedar` says the same in another language.
 * @param district of this cell
 */
export function refusalOf(
  { roles, level }: Grant,
  { role, region }: { role: Role; region: string },
  district: string,
): ProblemCode | undefined {
  if (roles !== 'public' && !roles.includes(role)) return 'role-not-allowed';
  if (!contains(district, region)) return 'outside-region';
  return level === undefined || isAtLeast(region, level) ? undefined : 'region-level';
}
