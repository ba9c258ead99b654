import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tool } from '../run/process.mjs'
import { run } from './outsider.ts'

const CONSUME = `import { createTollgateClient } from '@tollgate/client'
import type { catalog } from '../my-billing/tollgate.config.js'

const [url = '', apiKey = '', userId = '', idempotencyKey = ''] = process.argv.slice(2)
const tollgate = createTollgateClient<typeof catalog>({ url, apiKey })
const { allowed, balance } = await tollgate.usage.consume.mutate({ userId, meter: 'minutes', amount: 42, idempotencyKey })
console.log(JSON.stringify({ allowed, used: balance.used, limit: balance.limit }))
`

const WRONG = CONSUME.replace(`'minutes'`, `'tokens'`)

const SETTINGS = {
  compilerOptions: {
    target: 'es2023',
    module: 'nodenext',
    strict: true,
    skipLibCheck: false,
    outDir: 'dist',
    rootDir: '..',
    types: ['node'],
  },
}

/** An app in a project of its own that meters what users of the other project do. */
export class Consumer {
  readonly #folder: string
  readonly #env: NodeJS.ProcessEnv

  private constructor(folder: string, env: NodeJS.ProcessEnv) {
    this.#folder = folder
    this.#env = env
  }

  /** Installs the client, and the types that any project for Node has. */
  static async create(folder: string, env: NodeJS.ProcessEnv): Promise<Consumer> {
    await mkdir(folder)
    await writeFile(join(folder, 'package.json'), '{ "type": "module", "private": true }')
    await run(['npm', 'install', '@tollgate/client', '@types/node@20'], { cwd: folder, env })
    return new Consumer(folder, env)
  }

  /** The compiler's complaints about the app, or about one that names a meter of another catalogue. */
  async compile(app: 'right' | 'wrong'): Promise<string[]> {
    await writeFile(join(this.#folder, 'consume.ts'), app === 'right' ? CONSUME : WRONG)
    await writeFile(
      join(this.#folder, 'tsconfig.json'),
      JSON.stringify({ ...SETTINGS, files: ['consume.ts'] }),
    )
    const args = [process.execPath, tool('typescript', 'tsc'), '--pretty', 'false']
    const output = await run(args, { cwd: this.#folder, env: this.#env }).catch(
      (error: Error) => error.message,
    )
    return output.split('\n').filter((line) => line.includes('error TS'))
  }

  /** Runs what was compiled. */
  async consume(...args: string[]): Promise<{ allowed: boolean; used: number; limit: number }> {
    const file = join(this.#folder, 'dist/consumer/consume.js')
    const output = await run([process.execPath, file, ...args], {
      cwd: this.#folder,
      env: this.#env,
    })
    return JSON.parse(output)
  }
}
