import { defineConfig } from 'tsdown'

// Whoever installs the client gets no dependency and no types of somebody else: all of tRPC that it needs is bundled, code
// and declarations, so that it type-checks in an empty project with `skipLibCheck: false`. Any other package stays an
// import, so that a type which leaks out of the router is seen (test/packed.test.ts) and not bundled in silence.
export default defineConfig({
  entry: 'src/index.ts',
  format: ['esm', 'cjs'],
  platform: 'neutral',
  target: 'es2022',
  tsconfig: 'tsconfig.build.json',
  dts: { eager: true },
  inputOptions: {
    resolve: { conditionNames: ['tollgate-source', 'import'] },
    // Declarations take most of the build: that is known.
    checks: { pluginTimings: false },
  },
  deps: {
    alwaysBundle: [/^@tollgate\//, /^@trpc\//],
    neverBundle: [/^(?!@tollgate\/|@trpc\/|src\/)@?[a-z][^:]/],
    onlyBundle: false,
  },
  outExtensions: ({ format }) =>
    format === 'cjs' ? { js: '.cjs', dts: '.d.cts' } : { js: '.mjs', dts: '.d.mts' },
  logLevel: 'warn',
})
