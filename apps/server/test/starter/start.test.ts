import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import {
  discard,
  type Installation,
  newInstallation,
  printed,
  processesOf,
  startAll,
  startProcess,
  stop,
} from '@tollgate/testing/product'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

// Real processes on a machine that may be busy: no test waits for a time, so this is only for what hangs.
vi.setConfig({ testTimeout: 180_000 })

let installation: Installation

beforeEach(async () => {
  installation = await newInstallation()
})

afterEach(async () => {
  await discard(installation)
})

/** Signs the demo customer in with what the start has printed; answers its user id. */
async function signIn(output: string): Promise<string> {
  const [, email, password] = /Customer\s+(\S+)\s+(\S+)/.exec(output) ?? []
  const origin = `http://127.0.0.1:${installation.PORT}`
  const response = await fetch(`${origin}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: origin },
    body: JSON.stringify({ email, password }),
  })
  expect(response.status).toBe(200)
  const [, id = ''] = /"user":\{[^}]*"id":"([^"]+)"/.exec(await response.text()) ?? []
  expect(id).not.toBe('')
  return id
}

test('a start answers with the sign-in it prints, SIGTERM leaves no process, and the next start keeps the data', async () => {
  const first = await startAll(installation)
  const user = await signIn(first.output())
  expect(await stop(first)).toBe(0)
  expect(processesOf(installation)).toEqual(new Map())

  const second = await startAll(installation)
  expect(await signIn(second.output())).toBe(user)
  expect(await stop(second)).toBe(0)
})

test('after kill -9 of the starter the next start works, on the data of the one before', async () => {
  const killed = await startAll(installation)
  const user = await signIn(killed.output())
  killed.process.kill('SIGKILL')
  await killed.ended

  const next = await startAll(installation)
  expect(await signIn(next.output())).toBe(user)
  expect(await stop(next)).toBe(0)
  expect(processesOf(installation)).toEqual(new Map())
})

test('two installations run at once on other ports, each with its own accounts', async () => {
  const other = await newInstallation()
  try {
    const [one, two] = await Promise.all([startAll(installation), startAll(other)])
    await signIn(one.output())
    expect(await Promise.all([stop(one), stop(two)])).toEqual([0, 0])
    expect(one.output()).toContain(`:${installation.PORT}/billing`)
    expect(two.output()).toContain(`:${other.PORT}/billing`)
  } finally {
    await discard(other)
  }
})

test('a second start on the same data folder is refused; the first goes on, until Ctrl-C', async () => {
  const first = await startAll(installation)
  const second = startProcess(installation)
  expect(await second.ended).toBe(1)
  expect(second.output()).toContain('already runs on')
  await signIn(first.output())
  first.process.kill('SIGINT')
  expect(await first.ended).toBe(0)
  expect(processesOf(installation)).toEqual(new Map())
})

test('a part that ends before its time is named, and the rest is stopped', async () => {
  const started = await startAll(installation)
  const [pid = 0] =
    [...processesOf(installation)].find(([, command]) => command.includes('agent')) ?? []
  process.kill(pid, 'SIGKILL')
  expect(await started.ended).toBe(1)
  expect(started.output()).toContain('Agent ended (SIGKILL)')
  expect(processesOf(installation)).toEqual(new Map())
})

/** The postmaster of the embedded PostgreSQL: the process that all of its others are children of. */
function postmasterOf(from: Installation): number {
  const [pid] =
    [...processesOf(from)].find(([, command]) => /bin\/postgres .*-D/.test(command)) ?? []
  if (pid === undefined) throw new Error('no PostgreSQL runs')
  return pid
}

test('a PostgreSQL that is killed is started again, and the data is there', async () => {
  const started = await startAll(installation)
  const user = await signIn(started.output())
  process.kill(postmasterOf(installation), 'SIGKILL')
  await printed(started, 'PostgreSQL: it had ended, and was started again')
  await expect
    .poll(() => signIn(started.output()).catch(() => null), { timeout: 60_000 })
    .toBe(user)
  expect(await stop(started)).toBe(0)
  expect(processesOf(installation)).toEqual(new Map())
})

test('a PostgreSQL that can not be started again ends everything, with a line that says why', async () => {
  const started = await startAll(installation)
  const data = join(installation.TOLLGATE_DATA_DIR, 'postgres')
  await writeFile(join(data, 'postgresql.conf'), 'no_such_setting = 1')
  process.kill(postmasterOf(installation), 'SIGKILL')
  expect(await started.ended).toBe(1)
  expect(started.output()).toContain('PostgreSQL ended, and 5 starts did not bring it back')
  expect(processesOf(installation)).toEqual(new Map())
})

test.each(['PORT', 'AGENT_PORT', 'STRIPE_EMULATOR_PORT'] as const)(
  'a busy port is named together with %s, the variable that moves it, and nothing is left',
  async (variable) => {
    const busy = createServer().listen(Number(installation[variable]), '127.0.0.1')
    const started = startProcess(installation)
    expect(await started.ended).toBe(1)
    busy.close()
    expect(started.output()).toBe(
      `Port ${installation[variable]} is in use: set ${variable} to another port\n`,
    )
    expect(processesOf(installation)).toEqual(new Map())
  },
)
