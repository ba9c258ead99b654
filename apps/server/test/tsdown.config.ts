import { defineConfig } from 'tsdown'
import { program } from '../../../tooling/tsdown.ts'

// The programs of this app, and a server whose clock a test sets, from the source as it is now.
export default defineConfig({
  ...program(),
  entry: {
    main: '../src/main.ts',
    tollgate: './tollgate.ts',
    'clocked-server': './faults/clocked-server.ts',
  },
})
