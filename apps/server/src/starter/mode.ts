import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What Node is given to run a program. */
type Arguments = readonly string[]

/** The programs of a start: the defaults are the installed ones, and nothing beside them. */
export interface Mode {
  server: Arguments
  stripe: Arguments
  /** Builds the pages again whenever they change. */
  pages?: Arguments
  /** An app that meters its use, started beside the server; it finds TOLLGATE_URL and TOLLGATE_API_KEY. */
  agent?: Arguments
  /** Programs write to the terminal, not to files. */
  verbose: boolean
}

/** What packages bring along, built. */
export function installed(): Mode {
  const server = fileURLToPath(new URL('./main.js', import.meta.url))
  return { server: [server], stripe: [stripeProgram()], verbose: false }
}

/** The command beside the library's entry. */
function stripeProgram(): string {
  const library = createRequire(import.meta.url).resolve('@tollgate/stripe-emulator')
  return join(dirname(library), 'cli.js')
}
