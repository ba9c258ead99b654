import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const OLD = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'18.20.8'})`

it.each([
  ['../bin/tollgate.mjs', 'Node 18.20.8 is too old: Tollgate needs 20.19 or newer.\n'],
  [
    '../../../packages/stripe-emulator/bin/stripe-emulator.mjs',
    'stripe-emulator: Node 18.20.8 is too old: 20.19 or newer is needed\n',
  ],
])('%s says in one line that a Node is too old', async (path, line) => {
  const program = fileURLToPath(new URL(path, import.meta.url))
  const { code, stderr } = await promisify(execFile)(process.execPath, [
    '--import',
    OLD,
    program,
    'dev',
  ]).then(
    () => ({ code: 0, stderr: '' }),
    (error: { code: number; stderr: string }) => error,
  )
  expect({ code, stderr }).toEqual({ code: 1, stderr: line })
})
