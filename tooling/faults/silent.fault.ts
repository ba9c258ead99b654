import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ServerProcess } from '../../apps/server/test/server-process.ts'
import { environment, run, startProcess } from '../../apps/server/test/server-process.ts'
import type { SilentLink, TestDatabase } from '../testing/src/index.ts'
import { createTestDatabase, openSilentLink } from '../testing/src/index.ts'
import type { Caller } from './calls.ts'
import { ask, call, createCaller, signIn, usedBy } from './calls.ts'

let database: TestDatabase
let link: SilentLink
let server: ServerProcess
let caller: Caller
beforeEach(async () => {
  database = await createTestDatabase()
  link = await openSilentLink(database.url)
  server = await startProcess(link.url)
  caller = await createCaller(database.url)
})
afterEach(async () => {
  server.signal('SIGKILL')
  await link.close()
  await database.drop()
})

const many = (of: (n: number) => ReturnType<typeof ask>) =>
  Promise.all(Array.from({ length: 40 }, (_, n) => of(n)))

test('connections that die without a word cost calls at most 20 s, all of both lanes too, and nothing counts twice', async () => {
  await many((n) => call(server.url, caller, `before ${n}`))
  expect(link.silence()).toBeGreaterThan(2)

  const [usage, signIns, ready] = await Promise.all([
    many((n) => call(server.url, caller, `during ${n}`)),
    Promise.all([signIn(server.url), signIn(server.url)]),
    ask(`${server.url}/readyz`),
  ])
  for (const { status, retryAfter, ms } of [...usage, ...signIns]) {
    expect([200, 401, 503]).toContain(status)
    if (status === 503) expect(Number(retryAfter)).toBeGreaterThan(0)
    expect(ms).toBeLessThan(20_000)
  }
  expect(usage.some(({ status }) => status === 503)).toBe(true)
  expect(ready.ms).toBeLessThan(2_000)

  const again = await many((n) => call(server.url, caller, `during ${n}`))
  expect(again.map(({ status }) => status)).toEqual(again.map(() => 200))
  expect(Math.max(...again.map(({ ms }) => ms))).toBeLessThan(5_000)
  expect((await ask(`${server.url}/readyz`)).status).toBe(200)
  expect(await usedBy(server.url, caller)).toBe(80)
})

test('a database that takes connections and says nothing: /readyz says so within 2 s, calls are 503, and SIGTERM ends in time', async () => {
  await many((n) => call(server.url, caller, `before ${n}`))
  link.hang()
  const calls = many((n) => call(server.url, caller, `during ${n}`))
  const asked = await Promise.all([1, 2, 3].map(() => ask(`${server.url}/readyz`)))
  for (const { status, body, ms } of asked) {
    expect({ status, body }).toMatchObject({
      status: 503,
      body: { reason: 'the database does not answer' },
    })
    expect(ms).toBeLessThan(2_000)
  }
  const stopped = performance.now()
  server.signal('SIGTERM')
  for (const { status, retryAfter } of await calls) {
    expect(status).toBe(503)
    expect(Number(retryAfter)).toBeGreaterThan(0)
  }
  await server.ended
  expect(performance.now() - stopped).toBeLessThan(26_000)
})

test('a server that is asked to end while it waits for a silent database at its start ends', async () => {
  link.hang()
  const port = new URL(server.url).port
  server.signal('SIGKILL')
  await server.ended
  const { child, ended } = await run('main', { env: environment(link.url, { PORT: port }) })
  await expect
    .poll(
      () =>
        ask(`http://127.0.0.1:${port}/healthz`).then(
          ({ status }) => status,
          () => 0,
        ),
      { timeout: 20_000 },
    )
    .toBe(200)
  const ready = await ask(`http://127.0.0.1:${port}/readyz`)
  expect(ready.status).toBe(503)
  expect(ready.ms).toBeLessThan(2_000)
  const stopped = performance.now()
  child.kill('SIGTERM')
  await ended
  expect(performance.now() - stopped).toBeLessThan(10_000)
})
