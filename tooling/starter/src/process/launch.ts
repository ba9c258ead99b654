import { createRequire } from 'node:module'
import { join } from 'node:path'
import { root } from '../settings.ts'

/** What Node is given to run a program of the workspace. */
export type Launch = (workspace: string, entry: string) => string[]

/** How `npm start` and `npm run dev` differ. */
export interface Mode {
  launch: Launch
  /** Programs write to the terminal, not to files. */
  verbose: boolean
  /** Builds the web app again when it changes. */
  watchPages: boolean
}

/** As `npm run build` made it. */
export const built: Launch = (workspace, entry) => [join(root, workspace, 'dist', `${entry}.js`)]

/** From its source, and started again whenever a file that it imports changes. */
export const watched: Launch = (workspace, entry) => [
  createRequire(import.meta.url).resolve('tsx/cli'),
  'watch',
  '--clear-screen=false',
  '--conditions=tollgate-source',
  join(root, workspace, 'src', `${entry}.ts`),
]
