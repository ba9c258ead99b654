import { built } from './process/launch.ts'
import { runUntilStopped } from './start.ts'

process.exit(await runUntilStopped({ launch: built, verbose: false, watchPages: false }))
