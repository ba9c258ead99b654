import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  parseSearchWith,
  stringifySearchWith,
} from '@tanstack/react-router'
import { nextPath } from './auth/next-path.ts'
import { Root } from './layout/root.tsx'
import { HomePage } from './pages/home.tsx'
import { NotFoundPage } from './pages/not-found.tsx'
import { SignInPage } from './pages/sign-in.tsx'
import { SignUpPage } from './pages/sign-up.tsx'

const root = createRootRoute({ component: Root, notFoundComponent: NotFoundPage })
const getParentRoute = () => root

/** The way back after signing in, cleaned of what must not be followed. */
const validateSearch = ({ next }: Record<string, unknown>): { next?: string } =>
  next === undefined ? {} : { next: nextPath(next) }

const routeTree = root.addChildren([
  createRoute({ getParentRoute, path: '/', component: HomePage }),
  createRoute({ getParentRoute, path: '/sign-in', component: SignInPage, validateSearch }),
  createRoute({ getParentRoute, path: '/sign-up', component: SignUpPage, validateSearch }),
  createRoute({
    getParentRoute,
    path: '/billing',
    component: lazyRouteComponent(() => import('./pages/billing.tsx'), 'BillingPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/admin/billing',
    component: lazyRouteComponent(() => import('./pages/admin-billing.tsx'), 'AdminBillingPage'),
  }),
])

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  scrollRestoration: true,
  // Parameters are strings as they stand in the URL: an id that looks like a number stays one.
  parseSearch: parseSearchWith((value) => value),
  stringifySearch: stringifySearchWith(String),
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
