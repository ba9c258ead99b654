#!/usr/bin/env node
// A committed file, so that npm links the command before anything is built. In a source checkout without `dist` it
// builds the package first.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const folder = join(dirname(fileURLToPath(import.meta.url)), '..')
const cli = join(folder, 'dist/cli.js')

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Node ${process.versions.node} is too old: 20.19 or newer is needed`)
}
if (!existsSync(cli) && existsSync(join(folder, 'src/cli.ts'))) build()
if (existsSync(cli)) await import(pathToFileURL(cli).href)
else fail('dist/cli.js is missing; the package was not built')

function build() {
  process.stderr.write('stripe-emulator: building the package, once …\n')
  const tsdown = join(
    dirname(createRequire(import.meta.url).resolve('tsdown/package.json')),
    'dist/run.mjs',
  )
  const { status, stdout, stderr } = spawnSync(process.execPath, [tsdown], {
    cwd: folder,
    encoding: 'utf8',
  })
  if (status !== 0) fail(`the build failed:\n${stdout}${stderr}`)
}

function fail(message) {
  process.stderr.write(`stripe-emulator: ${message}\n`)
  process.exit(1)
}
