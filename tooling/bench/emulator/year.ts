import { library } from './built.ts'
import { clientOf, monthlyPrice, payer } from './payers.ts'

const DAY_MS = 86_400_000
const AT_ONCE = 8
const START = new Date('2026-01-15T12:00:00Z')

export interface Year {
  /** What the year itself took, without making the customers and counting their invoices. */
  seconds: number
  /** What of it was this process's own work: a busy machine makes the difference. */
  cpuSeconds: number
  paidInvoices: number
  /** At least this many events are kept, of the last 30 days. */
  events: number
  heapMb: number
  residentMb: number
}

/** Runs `work` for each of the numbers below `count`, some side by side. */
export async function each(count: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0
  const worker = async () => {
    for (let index = next++; index < count; index = next++) await work(index)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024)
}

/**
 * Subscribes customers to a monthly price and lets a year go by on the emulator's own clock, state in memory, no
 * webhooks. Then counts: a customer who was not billed twelve times more makes it fail.
 */
export async function renewAYear(customers: number): Promise<Year> {
  const emulator = await library.startStripeEmulator({ clock: { now: () => START } })
  try {
    const stripe = clientOf(emulator.url)
    const price = await monthlyPrice(stripe)
    const ids: string[] = []
    await each(customers, async () => {
      const customer = await payer(stripe)
      await stripe.subscriptions.create({ customer, items: [{ price }] })
      ids.push(customer)
    })
    const begin = performance.now()
    const cpu = process.cpuUsage()
    emulator.clock.advanceTo(new Date('2027-01-15T12:00:00Z'))
    // The last invoices stay drafts for an hour.
    emulator.clock.advanceBy(DAY_MS)
    const seconds = (performance.now() - begin) / 1000
    const { user, system } = process.cpuUsage(cpu)
    const { heapUsed, rss } = process.memoryUsage()
    let paidInvoices = 0
    await each(ids.length, async (index) => {
      const customer = ids[index] ?? ''
      const { data } = await stripe.invoices.list({ customer, status: 'paid', limit: 100 })
      if (data.length !== 13) throw new Error(`${customer} paid ${data.length} invoices, not 13`)
      paidInvoices += data.length
    })
    const events = await countEvents(stripe)
    return {
      seconds,
      cpuSeconds: (user + system) / 1_000_000,
      paidInvoices,
      events,
      heapMb: megabytes(heapUsed),
      residentMb: megabytes(rss),
    }
  } finally {
    await emulator.stop()
  }
}

async function countEvents(stripe: ReturnType<typeof clientOf>): Promise<number> {
  let count = 0
  for await (const _event of stripe.events.list({ limit: 100, type: 'invoice.paid' })) count += 1
  return count
}
