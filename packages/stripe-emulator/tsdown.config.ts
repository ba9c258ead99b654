import { defineConfig } from 'tsdown'

const shared = {
  platform: 'node',
  target: 'node20.19',
  dts: { entry: 'src/index.ts' },
  hash: false,
  logLevel: 'warn',
  checks: { legacyCjs: false, pluginTimings: false },
} as const

// The library as ES modules and as CommonJS, each with its own declarations, and the command as an ES module.
export default defineConfig([
  {
    ...shared,
    entry: ['src/index.ts', 'src/cli.ts'],
    format: 'esm',
    outExtensions: () => ({ js: '.js', dts: '.d.ts' }),
  },
  {
    ...shared,
    entry: 'src/index.ts',
    format: 'cjs',
    clean: false,
    outExtensions: () => ({ js: '.cjs', dts: '.d.cts' }),
  },
])
