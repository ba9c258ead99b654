import { spawn } from 'node:child_process'
import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readArguments } from '../src/cli/arguments.ts'
import { VirtualClock } from '../src/core/clock.ts'
import { Engine } from '../src/core/engine.ts'
import { startStripeEmulator } from '../src/index.ts'
import { Journal } from '../src/persistence/journal.ts'
import { createStore } from '../src/registry/collections.ts'
import {
  card,
  clientOf,
  DAY_MS,
  onEnd,
  post,
  receiver,
  refusal,
  START,
  shop,
  start,
  subscriber,
} from './harness.ts'

function dataFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'stripe-emulator-'))
  onEnd(async () => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'stripe.json')
}

describe('a data file', () => {
  test('keeps everything over a restart: objects, events, idempotency keys, time, links', async () => {
    const file = dataFile()
    const first = await start({ dataFile: file })
    const { basic } = await shop(first.stripe)
    const { customer, subscription } = await subscriber(first.stripe, basic.id)
    const keyed = await first.stripe.customers.create({}, { idempotencyKey: 'kept' })
    first.emulator.clock.advanceBy(DAY_MS)
    const events = await first.stripe.events.list({ limit: 100 })
    await first.emulator.stop()

    const { emulator, stripe } = await start({ dataFile: file })
    expect(emulator.clock.now()).toEqual(new Date(START.getTime() + DAY_MS))
    expect(await stripe.subscriptions.retrieve(subscription.id)).toMatchObject({
      id: subscription.id,
      status: 'active',
    })
    const ids = (list: { data: { id: string }[] }) => list.data.map((one) => one.id)
    expect(ids(await stripe.events.list({ limit: 100 }))).toEqual(ids(events))
    expect((await stripe.customers.list()).data.map((one) => one.id)).toEqual([
      keyed.id,
      customer.id,
    ])
    expect((await stripe.customers.create({}, { idempotencyKey: 'kept' })).id).toBe(keyed.id)
    const [invoice] = (await stripe.invoices.list()).data
    expect((await fetch(invoice?.hosted_invoice_url ?? '')).status).toBe(200)
    emulator.clock.advanceBy(31 * DAY_MS)
    expect((await stripe.invoices.list({ customer: customer.id })).data).toHaveLength(2)
  })

  test('lets an open Checkout session be paid after a restart', async () => {
    const file = dataFile()
    const first = await start({ dataFile: file })
    const { basic } = await shop(first.stripe)
    const { id } = await first.stripe.checkout.sessions.create({
      mode: 'subscription',
      success_url: 'http://a.test/',
      line_items: [{ price: basic.id, quantity: 1 }],
    })
    await first.emulator.stop()
    const { stripe } = await start({ dataFile: file })
    const { url } = await stripe.checkout.sessions.retrieve(id)
    expect((await post(url ?? '', { ...card('4242424242424242'), email: 'a@b.test' })).status).toBe(
      303,
    )
  })

  test('keeps undelivered webhooks, and sends them after a restart', async () => {
    const file = dataFile()
    const hook = await receiver()
    const webhooks = [{ url: hook.url, secret: 'whsec_x' }]
    const down = [{ url: 'http://127.0.0.1:9/down', secret: 'whsec_x' }]
    const first = await start({ dataFile: file, webhooks: down })
    await first.stripe.customers.create()
    await first.emulator.stop()
    const saved = readFileSync(file, 'utf8').replaceAll('http://127.0.0.1:9/down', hook.url)
    writeFileSync(file, saved)
    const { emulator } = await start({ dataFile: file, webhooks })
    await emulator.webhooksSettled()
    expect(hook.types()).toEqual(['customer.created'])
  })

  test('skips an incomplete last line, and rejects a file that is damaged before it', async () => {
    const file = dataFile()
    const first = await start({ dataFile: file })
    const kept = await first.stripe.customers.create()
    await first.emulator.stop()
    appendFileSync(file, '[["customers","cus_half",{"id":"cus_ha')
    const second = await start({ dataFile: file })
    expect((await second.stripe.customers.list()).data.map((one) => one.id)).toEqual([kept.id])
    await second.emulator.stop()
    writeFileSync(file, readFileSync(file, 'utf8').replace('\n[', '\n{broken\n['))
    await expect(startStripeEmulator({ dataFile: file })).rejects.toThrow(/damaged at line 2/)
  })

  test('rejects another kind of file, and a file in use by another process', async () => {
    const file = dataFile()
    writeFileSync(file, '{"some":"other file"}')
    await expect(startStripeEmulator({ dataFile: file })).rejects.toThrow(/not a data file/)
    expect(readFileSync(file, 'utf8')).toBe('{"some":"other file"}')
    writeFileSync(`${file}.lock`, String(process.ppid))
    await expect(startStripeEmulator({ dataFile: file })).rejects.toThrow(
      `in use by the process ${process.ppid}`,
    )
  })

  test('is taken over from a killed process, even when another process has its id now', async () => {
    const file = dataFile()
    const first = await start({ dataFile: file })
    const kept = await first.stripe.customers.create()
    await first.emulator.stop()
    writeFileSync(`${file}.lock`, String(process.ppid))
    const longAgo = new Date('2020-01-01T00:00:00Z')
    utimesSync(`${file}.lock`, longAgo, longAgo)
    const { stripe } = await start({ dataFile: file })
    expect((await stripe.customers.retrieve(kept.id)).id).toBe(kept.id)
  })
})

describe('the command', () => {
  const CLI = new URL('../src/cli.ts', import.meta.url).pathname

  /** Runs the command and resolves with its first lines, once it has printed `until`. */
  async function run(args: string[], until: RegExp) {
    const child = spawn(process.execPath, ['--import', 'tsx', CLI, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
    onEnd(async () => {
      child.kill('SIGKILL')
      await ended
    })
    let output = ''
    const printed = new Promise<void>((resolve) => {
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk) => {
          output += chunk
          if (until.test(output)) resolve()
        })
      }
    })
    await Promise.race([printed, ended])
    return {
      child,
      ended,
      output: () => output,
      url: /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0] ?? '',
    }
  }

  function clientAt(url: string) {
    const { hostname: host, port } = new URL(url)
    return clientOf({ host, port: Number(port) } as Parameters<typeof clientOf>[0])
  }

  test('keeps every acknowledged write after kill -9', async () => {
    const file = dataFile()
    const first = await run(['--port', '0', '--data', file], /Local Stripe: /)
    const stripe = clientAt(first.url)
    const acknowledged: string[] = []
    const write = async () => {
      acknowledged.push((await stripe.customers.create()).id)
    }
    for (let index = 0; index < 25; index += 1) await write()
    const writing = (async () => {
      for (;;) await write()
    })().catch(() => undefined)
    first.child.kill('SIGKILL')
    await Promise.all([first.ended, writing])

    const second = await run(['--port', '0', '--data', file], /Local Stripe: /)
    const found = new Set<string>()
    for await (const { id } of clientAt(second.url).customers.list({ limit: 100 })) found.add(id)
    expect(acknowledged.filter((id) => !found.has(id))).toEqual([])
  })

  test('prints its URL and the secret, sends webhooks, and exits with 0 on SIGTERM', async () => {
    const hook = await receiver()
    const running = await run(['--port', '0', '--forward-to', hook.url], /secret: whsec_\w+/)
    await clientAt(running.url).customers.create()
    await hook.first
    expect(hook.types()).toEqual(['customer.created'])
    running.child.kill('SIGTERM')
    expect(await running.ended).toBe(0)
  })

  test('prints one line where it cannot start, and exits with 1', async () => {
    const { emulator } = await start()
    const taken = await run(['--port', String(emulator.port)], /never/)
    expect(await taken.ended).toBe(1)
    expect(taken.output()).toBe(
      `stripe-emulator: port ${emulator.port} on 127.0.0.1 is in use; choose another with --port\n`,
    )
    const wrong = await run(['--port', 'many'], /never/)
    expect(await wrong.ended).toBe(1)
    expect(wrong.output()).toBe(
      "stripe-emulator: --port must be a number from 0 to 65535, not 'many'\n",
    )
    const unknown = await run(['--colour'], /never/)
    expect(unknown.output()).toMatch(/^stripe-emulator: Unknown option '--colour'.*\n$/)
  })
})

test('an emulator whose port is taken rejects, without side effects', async () => {
  const { emulator, stripe } = await start()
  await expect(startStripeEmulator({ port: emulator.port })).rejects.toThrow(/EADDRINUSE/)
  expect((await refusal(stripe.customers.retrieve('cus_x'))).statusCode).toBe(404)
})

test('the command line sets what follows a failed renewal, and the rate of automatic tax', () => {
  expect(
    readArguments(['--dunning', 'unpaid', '--retry-days', '1,2', '--tax-rate', '19']),
  ).toMatchObject({
    dunning: { finally: 'unpaid', retryAfterDays: [1, 2] },
    taxRate: 19,
  })
  expect(readArguments(['--retry-days', 'none'])).toMatchObject({ dunning: { retryAfterDays: [] } })
  const wrong = [
    '--dunning=never',
    '--retry-days=0',
    '--retry-days=a',
    '--tax-rate=101',
    '--tax-rate=-1',
  ]
  for (const flag of wrong) expect(readArguments([flag])).toMatchObject({ exitCode: 1 })
})

test('the rate limit of the command line is a whole number', () => {
  expect(readArguments(['--rate-limit', '25'])).toMatchObject({ rateLimit: 25 })
  expect(readArguments(['--tax-rate', '8.875'])).toMatchObject({ taxRate: 8.875 })
  expect(readArguments(['--tax-rate', '101'])).toMatchObject({ exitCode: 1 })
  expect(readArguments([])).toMatchObject({ rateLimit: undefined })
  for (const wrong of ['0', '-1', '2.5', 'many']) {
    expect(readArguments([`--rate-limit=${wrong}`])).toEqual({
      text: `stripe-emulator: --rate-limit must be a whole number above 0, not '${wrong}'`,
      exitCode: 1,
    })
  }
})

describe('what is acknowledged', () => {
  /** A store of plain documents beside a journal of it. */
  function journalOf(path: string, compactFromBytes?: number) {
    const store = createStore()
    const options = { path, store, baseUrl: 'http://127.0.0.1:1' }
    const journal = Journal.open({
      ...options,
      ...(compactFromBytes !== undefined && { compactFromBytes }),
    })
    const write = (id: string, offsetMs: number) => {
      store.put('clock', { id, offsetMs } as { id: 'main'; offsetMs: number })
      const changes = store.changes()
      store.commit(changes, journal.append(changes))
    }
    const ids = () => [...store.ids('clock')]
    return { journal, write, ids }
  }

  test('is on the disk: nothing is durable before a sync, and concurrent writes share one', async () => {
    const { journal, write } = journalOf(dataFile())
    expect(journal.durable()).toBeNull()
    write('a', 1)
    const waiting = Array.from({ length: 50 }, (_, index) => {
      write(`more-${index}`, index)
      return journal.durable()
    })
    expect(waiting.every((one) => one instanceof Promise)).toBe(true)
    await Promise.all(waiting)
    expect(journal.durable()).toBeNull()
    await journal.close()
  })

  test('is synced before the response is sent', async () => {
    const { emulator, stripe } = await start({ dataFile: dataFile() })
    await Promise.all(Array.from({ length: 20 }, () => stripe.customers.create()))
    expect((await stripe.customers.list({ limit: 100 })).data).toHaveLength(20)
    await emulator.stop()
  })

  test('survives zeros at the end of the file, left by a power cut', async () => {
    const file = dataFile()
    const first = journalOf(file)
    first.write('kept', 1)
    await first.journal.close()
    appendFileSync(
      file,
      `[["clock","half",{"id":"ha\0\0\0\0\0\0\n\0\0\0\n[["clock","later",{"id":"later"}]]\n`,
    )
    const second = journalOf(file)
    expect(second.ids()).toEqual(['kept'])
    await second.journal.close()
  })

  test('survives a rewrite of the grown file while syncs are pending', async () => {
    const file = dataFile()
    const { journal, write, ids } = journalOf(file, 2_000)
    const waiting: (Promise<void> | null)[] = []
    for (let round = 0; round < 300; round += 1) {
      write(`doc-${round % 7}`, round)
      waiting.push(journal.durable())
      journal.compactIfGrown()
    }
    await Promise.all(waiting)
    expect(readFileSync(file, 'utf8').length).toBe(journal.bytes)
    expect(journal.bytes).toBeLessThan(2_100)
    await journal.close()
    const again = journalOf(file)
    expect(again.ids()).toEqual(ids())
    await again.journal.close()
  })

  test('a transaction that cannot be written is rolled back', () => {
    const store = createStore()
    let full = false
    const clock = new VirtualClock({ now: () => START })
    const engine = new Engine({
      store,
      clock,
      settings: {
        baseUrl: '',
        dunning: { retryAfterDays: [], finally: 'cancel' },
        hasPortalSettings: true,
        upcomingInvoiceDays: null,
        tax: { percentage: 0, byCountry: {} },
        apiVersion: '2026-10-28.endive',
        meterEvents: { hold: false, delaySeconds: 0 },
      },
      dueWork: {},
      onTestClockReady: () => undefined,
      beforeCommit: () => undefined,
      persist: () => {
        if (full) throw new Error('ENOSPC: no space left on device')
      },
      durable: () => null,
      afterCommit: () => undefined,
    })
    engine.advanceTo(new Date(START.getTime() + DAY_MS))
    const kept = store.get('clock', 'main')
    full = true
    expect(() => engine.advanceTo(new Date(START.getTime() + 2 * DAY_MS))).toThrow(/ENOSPC/)
    expect(store.get('clock', 'main')).toEqual(kept)
    expect(engine.clock.now()).toEqual(new Date(START.getTime() + DAY_MS))
  })
})
