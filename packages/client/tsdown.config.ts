import { defineConfig } from 'tsdown'

// Whoever installs the client gets no dependency and no types of somebody else: all of tRPC that it needs is bundled, code
// and declarations, so that it type-checks in an empty project with `skipLibCheck: false`.
export default defineConfig({
  entry: 'src/index.ts',
  platform: 'neutral',
  target: 'es2022',
  dts: { eager: true },
  inputOptions: { resolve: { conditionNames: ['tollgate-source', 'import'] } },
  deps: { alwaysBundle: [/^@tollgate\//, /^@trpc\//], onlyBundle: false },
  outExtensions: () => ({ js: '.js', dts: '.d.ts' }),
  logLevel: 'warn',
})
