import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Navigate } from '@tanstack/react-router';
import { Result } from 'antd';
import { useWords } from '../words/language.tsx';
import { useMe } from './me.ts';
import { menuOf } from './menu.tsx';
import { Shell } from './shell.tsx';
import { SignedIn } from './sign-in.tsx';

function NotFound() {
  const { w } = useWords();
  return <Result status="404" title={w.notFound} />;
}

/** Where a working day begins depends on what one may do: the inbox for whoever decides, the first screen for others. */
function Start() {
  const me = useMe();
  return <Navigate to={menuOf(me)[0]?.to ?? '/inbox'} replace />;
}

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound });
const parent = { getParentRoute: () => root };

const tree = root.addChildren([
  createRoute({ ...parent, path: '/', component: Start }),
  createRoute({ ...parent, path: '/signed-in', component: SignedIn }),
  createRoute({
    ...parent,
    path: '/inbox',
    component: lazyRouteComponent(() => import('../screens/inbox/inbox.tsx'), 'Inbox'),
  }),
  createRoute({
    ...parent,
    path: '/overview',
    component: lazyRouteComponent(() => import('../screens/overview/overview.tsx'), 'Overview'),
  }),
  createRoute({
    ...parent,
    path: '/rounds',
    component: lazyRouteComponent(() => import('../screens/rounds/rounds.tsx'), 'Rounds'),
  }),
  createRoute({
    ...parent,
    path: '/rounds/$id',
    component: lazyRouteComponent(() => import('../screens/rounds/round.tsx'), 'RoundScreen'),
  }),
  createRoute({
    ...parent,
    path: '/rounds/$id/households',
    component: lazyRouteComponent(() => import('../screens/rounds/round-households.tsx'), 'RoundHouseholds'),
  }),
  createRoute({
    ...parent,
    path: '/rounds/$id/sheets/$village',
    component: lazyRouteComponent(() => import('../screens/rounds/sheet.tsx'), 'Sheet'),
  }),
  createRoute({
    ...parent,
    path: '/rounds/$id/worklist/$village',
    component: lazyRouteComponent(() => import('../screens/rounds/worklist.tsx'), 'Worklist'),
  }),
  createRoute({
    ...parent,
    path: '/households',
    component: lazyRouteComponent(() => import('../screens/households/households.tsx'), 'Households'),
  }),
  createRoute({
    ...parent,
    path: '/households/$id',
    component: lazyRouteComponent(() => import('../screens/households/household.tsx'), 'HouseholdScreen'),
  }),
  createRoute({
    ...parent,
    path: '/cases',
    component: lazyRouteComponent(() => import('../screens/cases/cases.tsx'), 'Cases'),
  }),
  createRoute({
    ...parent,
    path: '/cases/$id',
    component: lazyRouteComponent(() => import('../screens/cases/case.tsx'), 'CaseScreen'),
  }),
  createRoute({
    ...parent,
    path: '/watch',
    component: lazyRouteComponent(() => import('../screens/cases/watch.tsx'), 'Watch'),
  }),
  createRoute({
    ...parent,
    path: '/claims',
    component: lazyRouteComponent(() => import('../screens/claims/claims.tsx'), 'Claims'),
  }),
  createRoute({
    ...parent,
    path: '/claims/$id',
    component: lazyRouteComponent(() => import('../screens/claims/claim.tsx'), 'ClaimScreen'),
  }),
  createRoute({
    ...parent,
    path: '/insurance',
    component: lazyRouteComponent(() => import('../screens/insurance/insurance.tsx'), 'Insurance'),
  }),
  createRoute({
    ...parent,
    path: '/payouts',
    component: lazyRouteComponent(() => import('../screens/insurance/payouts.tsx'), 'Payouts'),
  }),
  createRoute({
    ...parent,
    path: '/brief',
    component: lazyRouteComponent(() => import('../screens/reports/brief.tsx'), 'Brief'),
  }),
  createRoute({
    ...parent,
    path: '/ledger',
    component: lazyRouteComponent(() => import('../screens/ledger/ledger.tsx'), 'Ledger'),
  }),
  createRoute({
    ...parent,
    path: '/quality',
    component: lazyRouteComponent(() => import('../screens/quality/quality.tsx'), 'Quality'),
  }),
  createRoute({
    ...parent,
    path: '/sample',
    component: lazyRouteComponent(() => import('../screens/quality/sample.tsx'), 'Sample'),
  }),
  createRoute({
    ...parent,
    path: '/exchange',
    component: lazyRouteComponent(() => import('../screens/exchange/exchange.tsx'), 'Exchange'),
  }),
  createRoute({
    ...parent,
    path: '/criteria',
    component: lazyRouteComponent(() => import('../screens/criteria/criteria.tsx'), 'Criteria'),
  }),
  createRoute({
    ...parent,
    path: '/administration',
    component: lazyRouteComponent(() => import('../screens/administration/administration.tsx'), 'Administration'),
  }),
]);

/** Search parameters as people write them: plain texts, no quotes round numbers. */
function parseSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text));
}
function stringifySearch(search: Record<string, unknown>): string {
  const text = new URLSearchParams(
    Object.entries(search).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
  ).toString();
  return text === '' ? '' : `?${text}`;
}

export const router = createRouter({
  routeTree: tree,
  basepath: import.meta.env.BASE_URL,
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
