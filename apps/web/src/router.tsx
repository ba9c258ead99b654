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
import { ForgotPasswordPage } from './pages/forgot-password.tsx'
import { HomePage } from './pages/home.tsx'
import { NotFoundPage } from './pages/not-found.tsx'
import { ProductSignInPage } from './pages/product-sign-in.tsx'
import { ResetPasswordPage } from './pages/reset-password.tsx'
import { SignInPage } from './pages/sign-in.tsx'
import { SignUpPage } from './pages/sign-up.tsx'
import { VerifyEmailPage } from './pages/verify-email.tsx'
import { productSignIn } from './product.ts'

const root = createRootRoute({ component: Root, notFoundComponent: NotFoundPage })
const getParentRoute = () => root

/** The page to go to after signing in. `nextPath` accepts only safe ones. */
const validateSearch = ({ next }: Record<string, unknown>): { next?: string } =>
  next === undefined ? {} : { next: nextPath(next) }

/** The token of a link in a mail. */
const validateToken = ({ token }: Record<string, unknown>): { token?: string } =>
  typeof token === 'string' ? { token } : {}

/** Otherwise the product has a sign-in of its own. */
const isSignInHere = productSignIn === null

const routeTree = root.addChildren([
  createRoute({ getParentRoute, path: '/', component: HomePage }),
  createRoute({
    getParentRoute,
    path: '/sign-in',
    component: isSignInHere ? SignInPage : ProductSignInPage,
    validateSearch,
  }),
  createRoute({
    getParentRoute,
    path: '/sign-up',
    component: isSignInHere ? SignUpPage : ProductSignInPage,
    validateSearch,
  }),
  createRoute({ getParentRoute, path: '/forgot-password', component: ForgotPasswordPage }),
  createRoute({
    getParentRoute,
    path: '/reset-password',
    component: ResetPasswordPage,
    validateSearch: validateToken,
  }),
  createRoute({
    getParentRoute,
    path: '/verify-email',
    component: VerifyEmailPage,
    validateSearch: validateToken,
  }),
  createRoute({
    getParentRoute,
    path: '/account',
    component: lazyRouteComponent(() => import('./pages/account/account.tsx'), 'AccountPage'),
  }),
  createRoute({
    getParentRoute,
    path: '/outbox',
    component: lazyRouteComponent(() => import('./pages/outbox.tsx'), 'OutboxPage'),
  }),
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
  // Parameters stay strings, as in the URL: an id may look like a number.
  parseSearch: parseSearchWith((value) => value),
  stringifySearch: stringifySearchWith(String),
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
