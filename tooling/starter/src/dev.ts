import { watched } from './process/launch.ts'
import { runUntilStopped } from './start.ts'

process.exit(await runUntilStopped({ launch: watched, verbose: true, watchPages: true }))
