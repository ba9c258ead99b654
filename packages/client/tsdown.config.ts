import { defineConfig } from 'tsdown'

// Whoever installs the client gets no dependency and no types of somebody else: all of tRPC that it needs is bundled, code
// and declarations, so that it type-checks in an empty project with `skipLibCheck: false`. Any other package stays an
// import, so that a type which leaks out of the router is seen (test/packed.test.ts) and not bundled in silence.
export default defineConfig({
  entry: 'src/index.ts',
  platform: 'neutral',
  target: 'es2022',
  tsconfig: 'tsconfig.build.json',
  dts: { eager: true },
  inputOptions: { resolve: { conditionNames: ['tollgate-source', 'import'] } },
  deps: {
    alwaysBundle: [/^@tollgate\//, /^@trpc\//],
    neverBundle: [/^(?!@tollgate\/|@trpc\/|src\/)@?[a-z][^:]/],
    onlyBundle: false,
  },
  outExtensions: () => ({ js: '.js', dts: '.d.ts' }),
  logLevel: 'warn',
})
