import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { command, library } from './built.ts'
import { clientOf, monthlyPrice, payer } from './payers.ts'
import { each } from './year.ts'

export interface LargeStart {
  /** The processor time of a start with an empty data file, until the first request is answered. */
  emptyStartCpuSeconds: number
  /** The same with a large file. */
  startCpuSeconds: number
  /** Resident memory after that start, some lists and a search, at its highest. */
  peakMib: number
  events: number
  fileMb: number
}

/**
 * Starts the command with an empty data file, and with one of so many customers, each with a paid subscription: about
 * twelve events a customer. Linux only: processor time and memory come from /proc.
 */
export async function startLarge(customers: number): Promise<LargeStart> {
  const folder = mkdtempSync(join(tmpdir(), 'stripe-emulator-bench-'))
  const file = join(folder, 'large.json')
  try {
    const empty = await measure(join(folder, 'empty.json'), [])
    await fill(file, customers)
    const large = await measure(file, [
      '/v1/events?limit=100',
      '/v1/customers?limit=100',
      '/v1/invoices?limit=100&status=paid',
      "/v1/customers/search?query=email:'nobody@example.test'",
    ])
    return {
      emptyStartCpuSeconds: empty.startCpuSeconds,
      startCpuSeconds: large.startCpuSeconds,
      peakMib: large.peakMib,
      events: large.events,
      fileMb: Math.round(statSync(file).size / 1e6),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function fill(dataFile: string, customers: number): Promise<void> {
  const emulator = await library.startStripeEmulator({ dataFile })
  try {
    const stripe = clientOf(emulator.url)
    const price = await monthlyPrice(stripe)
    await each(customers, async () => {
      const customer = await payer(stripe)
      await stripe.subscriptions.create({ customer, items: [{ price }] })
    })
  } finally {
    await emulator.stop()
  }
}

async function measure(file: string, paths: readonly string[]) {
  const { url, pid, end } = await command('--data', file)
  try {
    await get(url, '/v1/account')
    const startCpuSeconds = cpuSeconds(pid)
    for (const path of paths) await get(url, path)
    const state = await get(url, '/_emulator/state')
    const { objects } = state as { objects: { events?: number } }
    return { startCpuSeconds, peakMib: peakMib(pid), events: objects.events ?? 0 }
  } finally {
    await end()
  }
}

async function get(url: string, path: string): Promise<unknown> {
  const response = await fetch(url + path, { headers: { Authorization: 'Bearer sk_test_bench' } })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return response.json()
}

/** User and system time, in ticks of a hundredth of a second. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

function peakMib(pid: number): number {
  const kib = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Math.round(Number(kib) / 1024)
}
