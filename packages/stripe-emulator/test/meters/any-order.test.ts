import fc from 'fast-check'
import { expect, test } from 'vitest'
import { invoicesOf, metered, NOW } from './usage.ts'

const HOUR = 3600
const DAY = 24 * HOUR

type Formula = 'count' | 'last' | 'sum'
type Window = 'day' | 'hour' | undefined

type Step =
  | { do: 'use'; value: number; ago: number }
  | { do: 'cancel'; index: number }
  | { do: 'advance'; hours: number }
  | { do: 'hold' | 'release' }

/** An event as the test remembers it. */
interface Known {
  id: string
  value: number
  at: number
  received: number
  /** Whether it is part of the usage, and whether a cancellation waits. */
  counts: boolean
  waits: 'nothing' | 'count' | 'cancel'
  canceled: boolean
}

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('use' as const),
      value: fc.integer({ min: -50, max: 100 }),
      ago: fc.oneof(
        fc.integer({ min: -300, max: HOUR }),
        fc.integer({ min: 0, max: 35 * DAY }),
        fc.constantFrom(0, HOUR, DAY),
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('cancel' as const), index: fc.nat({ max: 20 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('advance' as const),
      hours: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 100, max: 400 })),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('hold' as const, 'release' as const) }) },
)

/** The quantity of a period by its definition: every event is looked at. */
function quantityOf(
  known: readonly Known[],
  of: { formula: Formula; window: Window; start: number; end: number },
): number {
  const counted = known.filter(({ counts }) => counts)
  const length = of.window === 'day' ? DAY : HOUR
  const windowOf = ({ at }: Known) => Math.floor(at / length)
  const effective = counted.filter(
    (one, index) =>
      of.window === undefined ||
      !counted.some((other, later) => later > index && windowOf(other) === windowOf(one)),
  )
  const inside = effective.filter(({ at }) => at >= of.start && at < of.end)
  if (of.formula === 'count') return inside.length
  if (of.formula === 'sum')
    return Math.max(
      0,
      inside.reduce((sum, { value }) => sum + value, 0),
    )
  const last = inside.reduce<Known | null>(
    (found, one) => (found === null || one.at >= found.at ? one : found),
    null,
  )
  return Math.max(0, last?.value ?? 0)
}

test('the quantity of every invoice is that of the definition, in whatever order usage, cancellations, holds and time come', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 5, maxLength: 30 }),
      fc.constantFrom<Formula>('count', 'last', 'sum'),
      fc.constantFrom<Window>(undefined, 'day', 'hour'),
      async (steps, formula, window) => {
        const { emulator, stripe, use, subscribe } = await metered({
          formula,
          ...(window === undefined ? {} : { window }),
        })
        const subscription = await subscribe()
        const known: Known[] = []
        const expected: number[] = []
        // 10 December and 10 January, and so on: the months of the subscription.
        const periods = [0, 30, 61, 92, 120, 151].map((days) => NOW + days * DAY)
        let now = NOW
        let held = false
        const settle = () => {
          for (const one of known) {
            if (one.waits === 'count') one.counts = !one.canceled
            if (one.waits === 'cancel') one.counts = false
            one.waits = 'nothing'
          }
        }
        const advance = (seconds: number) => {
          for (const [index, start] of periods.entries()) {
            const end = periods[index + 1] ?? Number.POSITIVE_INFINITY
            const final = end + HOUR
            if (final > now && final <= now + seconds) {
              expected.push(quantityOf(known, { formula, window, start, end }))
            }
          }
          now += seconds
          emulator.clock.advanceBy(seconds * 1000)
        }
        for (const one of steps) {
          if (one.do === 'use') {
            const id = `use-${known.length}`
            const at = now - one.ago
            await use(one.value, { at, identifier: id })
            const waits = held ? 'count' : 'nothing'
            const event = {
              id,
              value: one.value,
              at,
              received: now,
              waits,
              canceled: false,
            } as const
            known.push({ ...event, counts: !held })
          } else if (one.do === 'cancel') {
            const event = known[one.index]
            if (event === undefined || now - event.received >= DAY) continue
            await stripe.billing.meterEventAdjustments.create({
              event_name: 'api_calls',
              type: 'cancel',
              cancel: { identifier: event.id },
            })
            event.canceled = true
            if (event.counts && held) event.waits = 'cancel'
            else if (event.counts) event.counts = false
          } else if (one.do === 'advance') advance(one.hours * HOUR)
          else {
            held = one.do === 'hold'
            await fetch(`${emulator.url}/_emulator/meters`, {
              method: 'POST',
              headers: { 'Content-Type': 'application/json' },
              body: JSON.stringify({ processing: held ? 'held' : 'released' }),
            })
            if (!held) settle()
          }
        }
        const end = periods.find((one) => one + HOUR > now) ?? now
        advance(end + HOUR - now)
        const billed = (await invoicesOf(stripe, subscription.id))
          .reverse()
          .filter(({ status }) => status !== 'draft')
          .map(({ lines }) => lines.data.reduce((sum, { quantity }) => sum + (quantity ?? 0), 0))
        await emulator.stop()
        expect(billed).toEqual(expected)
      },
    ),
    { numRuns: 40 },
  )
}, 120_000)
