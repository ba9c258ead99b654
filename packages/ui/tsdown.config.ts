import { defineConfig } from 'tsdown'

// tRPC is bundled, as its hooks ask for exact versions of its other packages and for a TypeScript compiler. Every other
// package stays an import. The declarations name React and the packages that a host installs with ours, nothing else.
export default defineConfig({
  entry: 'src/index.ts',
  format: ['esm', 'cjs'],
  platform: 'neutral',
  target: 'es2022',
  dts: true,
  // For frameworks that render on the server unless told otherwise.
  banner: { js: "'use client'" },
  inputOptions: { resolve: { conditionNames: ['tollgate-source', 'import'] } },
  deps: {
    alwaysBundle: [/^@trpc\//],
    neverBundle: [/^(?!@trpc\/|src\/)@?[a-z][^:]/],
    onlyBundle: false,
  },
  logLevel: 'warn',
})
