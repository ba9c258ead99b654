import { defineConfig } from 'tsdown'

// A package for others: a library and a command for Node, with declarations that name only our own types.
export default defineConfig({
  entry: ['src/index.ts', 'src/cli.ts'],
  platform: 'node',
  target: 'node20.19',
  dts: true,
  hash: false,
  outExtensions: () => ({ js: '.js', dts: '.d.ts' }),
  logLevel: 'warn',
})
