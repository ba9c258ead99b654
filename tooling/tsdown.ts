import type { UserConfig } from 'tsdown'

/**
 * How a program of ours is built: one file per entry of `src/`, with the workspace's packages (which are TypeScript)
 * bundled in, and those of npm left where they are installed.
 */
export function program(...entries: string[]): UserConfig {
  return {
    entry: entries.map((name) => `src/${name}.ts`),
    platform: 'node',
    target: 'node20.19',
    dts: false,
    sourcemap: true,
    hash: false,
    inputOptions: { resolve: { conditionNames: ['tollgate-source', 'import', 'node'] } },
    deps: { alwaysBundle: [/^@tollgate\//], neverBundle: [/^(?!@tollgate\/|src\/)@?[a-z][^:]/] },
    outExtensions: () => ({ js: '.js' }),
    logLevel: 'warn',
  }
}
