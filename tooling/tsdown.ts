import type { UserConfig } from 'tsdown'

/** The same for all that runs in Node. Names without a hash, so that what a build writes replaces what the last one wrote. */
const node: UserConfig = {
  platform: 'node',
  target: 'node20.19',
  hash: false,
  inputOptions: { resolve: { conditionNames: ['tollgate-source', 'import', 'node'] } },
  logLevel: 'warn',
  checks: { legacyCjs: false, pluginTimings: false },
}

/** Packages, of the workspace and of npm: neither a path nor `node:…`. */
const PACKAGES = /^@?[a-z][^:]/
const PACKAGES_OF_NPM = /^(?!@tollgate\/)@?[a-z][^:]/

/**
 * A package for others to import or require: `src/index.ts` with its declarations, for both kinds of modules. `bundled`
 * are packages that CommonJS can't require: they are bundled in.
 */
export function library(...bundled: string[]): UserConfig {
  return {
    ...node,
    entry: './src/index.ts',
    format: ['esm', 'cjs'],
    dts: true,
    deps: {
      alwaysBundle: bundled,
      neverBundle: (id) => PACKAGES.test(id) && !bundled.includes(id),
    },
    // `import.meta.url` in CommonJS.
    shims: true,
  }
}

/** A program that is installed with its dependencies: one file per entry of `src/`, and nothing else bundled in. */
export function installed(...entries: string[]): UserConfig {
  return {
    ...node,
    entry: entries.map((name) => `./src/${name}.ts`),
    dts: false,
    sourcemap: true,
    deps: { neverBundle: [PACKAGES] },
    outExtensions: () => ({ js: '.js' }),
  }
}

/**
 * A program of this repository alone: one file per entry of `src/`, with the workspace's packages (which are TypeScript)
 * bundled in, and those of npm left where they are installed.
 */
export function program(...entries: string[]): UserConfig {
  return {
    ...installed(...entries),
    deps: { alwaysBundle: [/^@tollgate\//], neverBundle: [PACKAGES_OF_NPM] },
  }
}
