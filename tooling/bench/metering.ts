import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { build } from 'tsdown'
import { copyMigrations } from '../testing/src/database/migrations.ts'
import { program } from '../tsdown.ts'

// Built as the programs are, and run as they run: through a loader for TypeScript the same code is a fifth slower.

const outDir = join(import.meta.dirname, '../../node_modules/.cache/bench-metering')
await build({
  ...program(),
  config: false,
  cwd: join(import.meta.dirname, 'metering'),
  entry: { main: './main.ts', server: './http/server.ts', bare: './http/bare.ts' },
  outDir,
})
await copyMigrations(outDir)
const args = [join(outDir, 'main.js'), ...process.argv.slice(2)]
const main = spawn(process.execPath, args, { stdio: 'inherit' })
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => main.kill(signal))
const [code] = await once(main, 'close')
process.exitCode = code === 0 ? 0 : 1
