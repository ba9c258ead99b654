import { defineConfig } from 'tsdown'
import { program } from '../../tooling/tsdown.ts'

// The client comes from its source, and brings its share of tRPC along: nobody who installs the agent has that.
export default defineConfig({
  ...program('main'),
  deps: {
    alwaysBundle: [/^@tollgate\//, /^@trpc\//],
    neverBundle: [/^(?!@tollgate\/|@trpc\/|src\/)@?[a-z][^:]/],
    onlyBundle: false,
  },
})
