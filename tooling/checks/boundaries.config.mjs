// Which part may import which, as rules. Each comment is what a contributor reads when a rule is broken.

/**
 * @param {string} name
 * @param {string} comment
 * @param {Pick<import('dependency-cruiser').IRegularForbiddenRuleType, 'from' | 'to'>} rule
 * @returns {import('dependency-cruiser').IRegularForbiddenRuleType}
 */
function forbid(name, comment, rule) {
  return { name, comment, severity: 'error', ...rule }
}

const TEST = '/test/|^e2e/|^tooling/'
const SOURCE = { pathNot: TEST }
/** @type {{ dependencyTypesNot: import('dependency-cruiser').DependencyType[] }} */
const NOT_TYPES = { dependencyTypesNot: ['type-only'] }

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    forbid(
      'core-knows-no-http',
      'core takes a context and plain input: speak HTTP, tRPC or React in packages/api, apps/server or packages/ui.',
      {
        from: { path: '^packages/core/src' },
        to: {
          path: '^(apps|packages/(api|client|ui|stripe-emulator))/|node_modules/(fastify|@fastify|@trpc|react|zod)/',
        },
      },
    ),
    forbid(
      'api-knows-core-only',
      'api is thin procedures over core: move shared logic to core, and wiring to apps/server.',
      {
        from: { ...SOURCE, path: '^packages/api/' },
        to: { path: '^(apps|packages/(client|ui|stripe-emulator))/' },
      },
    ),
    forbid(
      'client-takes-types-only',
      'client needs only `import type` from @tollgate/api: its users install nothing of the server.',
      {
        from: { ...SOURCE, path: '^packages/client/' },
        to: { path: '^packages/api/', ...NOT_TYPES },
      },
    ),
    forbid('client-knows-api-only', 'client is typed by @tollgate/api alone.', {
      from: { ...SOURCE, path: '^packages/client/' },
      to: { path: '^(apps|packages/(core|ui|stripe-emulator))/' },
    }),
    forbid(
      'ui-takes-types-only',
      'ui runs in the browser: `import type` from @tollgate/api, and values through its procedures.',
      {
        from: { ...SOURCE, path: '^packages/ui/' },
        to: { path: '^packages/api/', ...NOT_TYPES },
      },
    ),
    forbid(
      'ui-knows-api-only',
      'ui sees the product through the types of @tollgate/api: add what is missing to a procedure.',
      {
        from: { ...SOURCE, path: '^packages/ui/' },
        to: { path: '^(apps|packages/(core|client|stripe-emulator))/' },
      },
    ),
    forbid(
      'web-knows-ui-only',
      'web is pages around @tollgate/ui: put what a page needs there, so that others can embed it.',
      {
        from: { ...SOURCE, path: '^apps/web/' },
        to: { path: '^(apps/(server|agent)|packages/(api|core|client|stripe-emulator))/' },
      },
    ),
    forbid(
      'agent-knows-client-only',
      'agent shows what a sibling app does: it reaches Tollgate through @tollgate/client.',
      {
        from: { ...SOURCE, path: '^apps/agent/' },
        to: { path: '^(apps/(server|web)|packages/(api|core|ui|stripe-emulator))/' },
      },
    ),
    forbid(
      'server-knows-api-and-core',
      'server serves the built web app as files, and reaches Stripe through core.',
      {
        from: { ...SOURCE, path: '^apps/server/' },
        to: { path: '^(apps/(web|agent)|packages/(ui|client|stripe-emulator))/' },
      },
    ),
    forbid(
      'emulator-stands-alone',
      'the emulator is published by itself: it imports nothing of ours.',
      {
        from: { ...SOURCE, path: '^packages/stripe-emulator/' },
        to: { path: '^(apps|packages/(?!stripe-emulator))' },
      },
    ),
    forbid(
      'stripe-only-in-gateway',
      "only packages/core/src/stripe calls Stripe: add what you need to its gateway. (The emulator may use the package's types.)",
      {
        from: {
          ...SOURCE,
          path: '^(apps|packages)/',
          pathNot: `${TEST}|^packages/core/src/stripe/`,
        },
        to: { path: 'node_modules/stripe/', ...NOT_TYPES },
      },
    ),
    forbid(
      'prisma-only-in-stores',
      'Prisma and SQL live in packages/core/src/database and in a domain’s `<noun>-store.ts`: add a function there and call it.',
      {
        from: {
          path: '^(apps|packages)/',
          pathNot: `${TEST}|^packages/core/src/database/|-store\\.ts$|^apps/server/src/auth/`,
        },
        to: { path: 'node_modules/@prisma/|^packages/core/src/database/generated/' },
      },
    ),
    forbid(
      'domain-through-its-face',
      'a domain of core is used through its index.ts (or verbs.ts): export there what others may use.',
      {
        from: { path: '^packages/core/src/([^/]+)/', pathNot: TEST },
        to: {
          path: '^packages/core/src/[^/]+/.+',
          pathNot: [
            '^packages/core/src/$1/',
            '/(index|verbs)\\.ts$',
            '^packages/core/src/database/',
          ],
        },
      },
    ),
    forbid(
      'stores-below-context',
      'a store takes the connection, and a rule plain values: leave the context to the verb that calls them.',
      {
        from: {
          path: '^packages/core/src/.+(-store|/decide|/entitlement|/balance|/windows)\\.ts$|^packages/core/src/(database|catalog)/',
        },
        to: { path: '^packages/core/src/context\\.ts$' },
      },
    ),
    forbid(
      'no-circular',
      'these files import each other in a circle, types included: give what both need a file of its own, below them.',
      { from: { path: '^packages/core/src' }, to: { circular: true } },
    ),
    forbid(
      'package-through-its-face',
      'a package is used by its name and exports, not by a path into its folder.',
      {
        from: { path: '^((?:apps|packages)/[^/]+)/', pathNot: '^tooling/' },
        to: {
          path: '^(apps|packages)/[^/]+/.+',
          pathNot: ['^$1/', '^packages/[^/]+/src/(index\\.ts|testing\\.ts|styles\\.css)$'],
        },
      },
    ),
    forbid('testing-in-tests-only', 'what core gives to tests is not for the product.', {
      from: { pathNot: TEST },
      to: { path: '^packages/core/src/testing\\.ts$' },
    }),
    forbid('resolvable', 'this import leads nowhere.', { from: {}, to: { couldNotResolve: true } }),
  ],
  options: {
    doNotFollow: { path: 'node_modules|/generated/' },
    exclude: { path: '^(apps|packages|tooling)/[^/]+/dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['tollgate-source', 'import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
}
