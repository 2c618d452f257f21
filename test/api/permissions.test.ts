import { readFileSync } from 'node:fs';
import {
  type CedarValueJson,
  type EntityJson,
  preparsePolicySet,
  statefulIsAuthorized,
} from '@cedar-policy/cedar-wasm/nodejs';
import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../demo/district/random.ts';
import { routes } from '../../functions/api/routes.ts';
import { contains, levelOf } from '../../functions/contracts/regions.ts';
import { type Role, role } from '../../functions/contracts/roles.ts';
import { actsThatBar, claimActs } from '../../functions/domain/insurance/separation-of-duties.ts';
import type { Route } from '../../functions/runtime/http.ts';
import { refusalOf } from '../../functions/runtime/permission.ts';

const DISTRICT = '440904';
/** Two towns with two villages each, and another district. */
const REGIONS = [
  '440904',
  '440904001',
  '440904001001',
  '440904001002',
  '440904116',
  '440904116208',
  '440905',
  '440905001',
  '440905001001',
];
/** Beside every route and role, a hundredth of what docs/proof.md tells of: Cedar takes a fifth of a millisecond for each. */
const REQUESTS = Number(process.env['PERMISSION_REQUESTS'] ?? 1_000);
const POLICIES = 'permissions';

const regions: EntityJson[] = REGIONS.map((code) => ({
  uid: { type: 'Region', id: code },
  attrs: {},
  parents: REGIONS.filter((other) => other !== code && contains(other, code)).map((id) => ({ type: 'Region', id })),
}));

beforeAll(() => {
  const staticPolicies = readFileSync(new URL('./permissions.cedar', import.meta.url), 'utf8');
  expect(preparsePolicySet(POLICIES, { staticPolicies })).toEqual({ type: 'success' });
});

function cedarAllows(
  attrs: Record<string, CedarValueJson>,
  action: { type: string; id: string },
  resource: string,
  hasDone: readonly string[] = [],
): boolean {
  const principal = { type: 'Official', id: 'somebody' };
  const answer = statefulIsAuthorized({
    principal,
    action,
    resource: { type: 'Region', id: resource },
    context: { district: { __entity: { type: 'Region', id: DISTRICT } }, has_done: [...hasDone] },
    preparsedPolicySetId: POLICIES,
    entities: [{ uid: principal, attrs, parents: [] }, ...regions],
  });
  if (answer.type === 'failure') throw new Error(answer.errors.map(({ message }) => message).join('; '));
  expect(answer.response.diagnostics.errors).toEqual([]);
  return answer.response.decision === 'allow';
}

/** Whether the route lets a caller in for something in a region, by the rule and by Cedar. */
function bothTell(
  route: Route,
  caller: { role: Role; region: string },
  resource: string,
): { ours: boolean; theirs: boolean } {
  const ours =
    route.roles === 'public' || (refusalOf(route, caller, DISTRICT) === undefined && contains(caller.region, resource));
  // On a public route nobody has logged in.
  const attrs =
    route.roles === 'public'
      ? {}
      : {
          role: caller.role,
          region: { __entity: { type: 'Region', id: caller.region } },
          level: levelOf(caller.region),
        };
  return { ours, theirs: cedarAllows(attrs, { type: 'Action', id: `${route.method} ${route.path}` }, resource) };
}

/** Who asks from where for what. */
const PLACES = [
  // Of the district: its own, a town's, another district's.
  ...['440904', '440904001', '440905'].map((resource) => ({ region: '440904', resource })),
  // Of a town: its own, the district's, another town's, a village's.
  ...['440904001', '440904', '440904116', '440904001001'].map((resource) => ({ region: '440904001', resource })),
  // Of a village: its own, its town's, another village's.
  ...['440904001001', '440904001', '440904001002'].map((resource) => ({ region: '440904001001', resource })),
];

describe('a second telling in Cedar lets in the same roles for their own region, above it, beside it and below it:', () => {
  it.each(Object.values<Route>(routes).map((route) => ({ ...route, name: `${route.method} ${route.path}` })))(
    '$name',
    (route) => {
      for (const [place, { region, resource }] of PLACES.entries()) {
        // Who is not let in for their own region is not let in elsewhere either, and a public route asks for no role.
        const asked = role.options.filter((each) =>
          route.roles === 'public' ? each === 'auditor' : place === 0 || route.roles.includes(each),
        );
        for (const one of asked) {
          const { ours, theirs } = bothTell(route, { role: one, region }, resource);
          expect([one, region, resource, theirs]).toEqual([one, region, resource, ours]);
        }
      }
    },
  );
});

it(`a second telling in Cedar lets in the same officials in ${REQUESTS} random requests`, () => {
  const random = new Random('permissions');
  const all = Object.values<Route>(routes);
  const counts = { allowed: 0, refused: 0 };
  for (let n = 0; n < REQUESTS; n += 1) {
    const route = random.pick(all);
    const caller = { role: random.pick(role.options), region: random.pick(REGIONS) };
    const resource = random.pick(REGIONS);
    const { ours, theirs } = bothTell(route, caller, resource);
    counts[ours ? 'allowed' : 'refused'] += 1;
    if (ours !== theirs) expect({ route: `${route.method} ${route.path}`, caller, resource, theirs }).toBe(ours);
  }
  expect(Math.min(counts.allowed, counts.refused)).toBeGreaterThan(REQUESTS / 20);
});

it('a second telling in Cedar keeps the same accounts from the same acts in a claim, whatever they have done in it', () => {
  for (let done = 0; done < 2 ** claimActs.length; done += 1) {
    const hasDone = claimActs.filter((_, place) => (done >> place) % 2 === 1);
    for (const act of claimActs) {
      const ours = !actsThatBar(act).some((earlier) => hasDone.includes(earlier));
      expect([act, hasDone, cedarAllows({}, { type: 'Action', id: act }, DISTRICT, hasDone)]).toEqual([
        act,
        hasDone,
        ours,
      ]);
    }
  }
});
