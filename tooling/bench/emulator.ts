import { startLarge } from './emulator/large.ts'
import { createSubscriptions } from './emulator/requests.ts'
import { startOnce } from './emulator/start.ts'
import { renewAYear } from './emulator/year.ts'
import { percentile } from './metering/rounds.ts'

// What the local Stripe costs whoever waits for it, measured on what is published: its command, and its library.

const STARTS = 7
const SUBSCRIPTIONS = 400
const CUSTOMERS = 1_000
const LARGE_CUSTOMERS = 10_000

const TARGETS = {
  startMs: 500,
  subscriptionMs: 10,
  yearSeconds: 60,
  emptyStartCpuSeconds: 0.5,
  largeStartCpuSeconds: 3,
  largePeakMib: 200,
}

const starts: number[] = []
for (let round = 0; round < STARTS; round += 1) starts.push(await startOnce())
const requests = await createSubscriptions(SUBSCRIPTIONS)
const year = await renewAYear(CUSTOMERS)
const large = await startLarge(LARGE_CUSTOMERS)

const measured = {
  startMs: Math.round(percentile(starts, 0.5)),
  subscriptionMs: Number(percentile(requests, 0.5).toFixed(2)),
  yearSeconds: Number(year.seconds.toFixed(2)),
  emptyStartCpuSeconds: large.emptyStartCpuSeconds,
  largeStartCpuSeconds: large.startCpuSeconds,
  largePeakMib: large.peakMib,
}
console.log(`p95 of a subscription created: ${percentile(requests, 0.95).toFixed(2)} ms`)
console.log(`${year.paidInvoices} invoices paid, ${year.events} events kept`)
console.log(`memory after the year: ${year.heapMb} MB of heap, ${year.residentMb} MB resident`)

console.log(
  `the large file: ${LARGE_CUSTOMERS} customers, ${large.events} events, ${large.fileMb} MB`,
)

for (const [name, target] of Object.entries(TARGETS)) {
  const value = measured[name as keyof typeof measured]
  if (value >= target) process.exitCode = 1
  console.log(
    `${name.padEnd(22)} ${String(value).padStart(8)}  below ${target}: ${value < target ? 'reached' : 'not reached'}`,
  )
}
const { cpuSeconds, heapMb, residentMb } = year
const yearCpuSeconds = Number(cpuSeconds.toFixed(2))
console.log(JSON.stringify({ ...measured, yearCpuSeconds, heapMb, residentMb }))
