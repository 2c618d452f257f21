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
    path: '/households',
    component: lazyRouteComponent(() => import('../screens/households/households.tsx'), 'Households'),
  }),
  createRoute({
    ...parent,
    path: '/households/$id',
    component: lazyRouteComponent(() => import('../screens/households/household.tsx'), 'HouseholdScreen'),
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
