// What the npm scripts run. Only Node's own modules are imported before `ensureInstalled` has run, so that every command
// works on a fresh clone.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ensureBrowser } from './run/browser.mjs'
import { build, generate } from './run/build.mjs'
import { ensureInstalled } from './run/install.mjs'
import { Failure, node, root, say, tool } from './run/process.mjs'

/** @type {Record<string, (args: string[]) => Promise<void>>} */
const commands = {
  start: product,
  dev: product,
  tollgate: product,
  async build(names) {
    await build(names)
  },
  async test(args) {
    await build()
    const vitest = node([tool('vitest'), 'run', ...args], { what: 'vitest' })
    if (args.length > 0) return vitest
    const failure = await vitest.catch((error) => error)
    const env = { ...process.env, CHROME_PATH: await ensureBrowser() }
    const playwright = [tool('@playwright/test', 'playwright'), 'test', '--config=e2e']
    await node(playwright, { env, what: 'playwright' })
    if (failure !== undefined) throw failure
  },
  async 'test:faults'(args) {
    await build()
    const config = '--config=tooling/faults/vitest.config.ts'
    await node([tool('vitest'), 'run', config, ...args], { what: 'vitest' })
  },
  async check(args) {
    await generate()
    await runTypeScript('tooling/checks/main.ts', args)
  },
  async bench([name = '', ...args]) {
    // The name in the documents is older than the word that the code has for it.
    const file = `tooling/bench/${name === 'lives' ? 'lifecycles' : name}.ts`
    if (!existsSync(join(root, file))) throw new Failure(`There is no benchmark ${file}`)
    await build()
    await runTypeScript(file, args)
  },
}

/** In this process, by the arguments of this process. */
async function product() {
  await build()
  await import('./run/product.mjs')
}

/**
 * @param {string} file
 * @param {string[]} args
 */
async function runTypeScript(file, args) {
  await node(['--conditions=tollgate-source', '--import=tsx', file, ...args], { what: file })
}

const [name = '', ...args] = process.argv.slice(2)
const command = commands[name]
try {
  if (command === undefined) {
    throw new Failure(`Unknown command "${name}"; known: ${Object.keys(commands).join(', ')}`)
  }
  await ensureInstalled()
  await command(args)
} catch (error) {
  say(
    error instanceof Failure ? error.message : String(error instanceof Error ? error.stack : error),
  )
  process.exitCode = 1
}
