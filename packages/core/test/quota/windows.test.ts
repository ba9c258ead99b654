import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Resets } from '../../src/index.ts'
import type { BillingSpan } from '../../src/quota/index.ts'
import {
  clockWindow,
  dateOf,
  dayOf,
  kindOfKey,
  parsePeriod,
  windowOf,
  windowOfKey,
} from '../../src/quota/index.ts'
import { monthOf } from '../../src/testing.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

const instants = fc.date({
  min: new Date('0001-01-01T00:00:00Z'),
  max: new Date('9998-12-31T23:59:59.999Z'),
  noInvalidDate: true,
})

describe('a month', () => {
  test('holds its instant, from the first instant of the 1st to that of the next 1st', () => {
    fc.assert(
      fc.property(instants, (instant) => {
        const { period, start, end } = monthOf(instant)
        expect(start.getTime()).toBeLessThanOrEqual(instant.getTime())
        expect(instant.getTime()).toBeLessThan(end.getTime())
        expect(start.toISOString()).toBe(`${period}-01T00:00:00.000Z`)
        expect(end.toISOString()).toMatch(/-01T00:00:00\.000Z$/)
        expect(dateOf(instant)).toBe(`${period}-${String(dayOf(period, instant)).padStart(2, '0')}`)
      }),
    )
  })

  test('ends where the next one starts, and its name leads back to it', () => {
    fc.assert(
      fc.property(instants, (instant) => {
        const month = monthOf(instant)
        expect(monthOf(month.end).start).toEqual(month.end)
        expect(monthOf(new Date(month.end.getTime() - 1))).toEqual(month)
        expect(parsePeriod(month.period)).toEqual(month)
      }),
    )
  })

  test.each([
    ['2024-02', 29],
    ['2026-02', 28],
    ['2000-02', 29],
    ['2100-02', 28],
    ['2026-04', 30],
    ['2026-12', 31],
  ])('%s has %i days', (period, days) => {
    const { start, end } = parsePeriod(period)
    expect((end.getTime() - start.getTime()) / 86_400_000).toBe(days)
  })

  test.each(['2026-13', '2026-00', '2026-1', '26-01', '2026-01-01', ''])(
    '%j is no month',
    (text) => {
      expect(() => parsePeriod(text)).toThrowError(expect.objectContaining({ code: 'VALIDATION' }))
    },
  )
})

const kinds: Resets[] = ['month', 'billing', 'day', 'hour', 'never']

/** Around the turns of hours, days, months, years and leap days, and anywhere else. */
const near = fc.oneof(
  fc.date({
    min: new Date('2023-01-01T00:00:00Z'),
    max: new Date('2030-01-01T00:00:00Z'),
    noInvalidDate: true,
  }),
  fc
    .tuple(
      fc.constantFrom(
        '2024-02-29T00:00:00Z',
        '2024-03-01T00:00:00Z',
        '2025-02-28T23:00:00Z',
        '2026-01-31T10:00:00Z',
        '2027-01-01T00:00:00Z',
        '2028-02-29T10:00:00Z',
      ),
      fc.integer({ min: -2 * HOUR_MS, max: 2 * HOUR_MS }),
    )
    .map(([turn, ms]) => new Date(Date.parse(turn) + ms)),
)

/** Times of subscriptions one after the other, some with a gap between them, some with a trial whose end moved. */
const someSpans = fc
  .record({
    cuts: fc.uniqueArray(near, { maxLength: 6, selector: (at) => at.getTime() }),
    anchors: fc.array(near, { minLength: 6, maxLength: 6 }),
    stepped: fc.array(fc.option(fc.integer({ min: 0, max: 90 * DAY_MS })), {
      minLength: 6,
      maxLength: 6,
    }),
    isOpen: fc.boolean(),
  })
  .map(({ cuts, anchors, stepped, isOpen }): BillingSpan[] => {
    const sorted = cuts.toSorted((a, b) => a.getTime() - b.getTime())
    return sorted.flatMap((startsAt, i) => {
      const next = sorted[i + 1]
      if (i % 3 === 2 || (!next && !isOpen)) return []
      const moved = stepped[i]
      return {
        subscriptionId: `sub_${i}`,
        startsAt,
        endsAt: next ?? null,
        anchor: anchors[i] ?? startsAt,
        stepsAfter: typeof moved === 'number' ? new Date(startsAt.getTime() + moved) : null,
      }
    })
  })
const bases = fc.record({ knownSince: near, spans: someSpans })

const spanAt = (spans: readonly BillingSpan[], at: Date) =>
  spans.find(({ startsAt, endsAt }) => startsAt <= at && (endsAt === null || at < endsAt))

describe.each(kinds)('windows that reset by %s', (resets) => {
  test('hold the instant that they are asked for, and every one in them has the same', () => {
    fc.assert(
      fc.property(bases, near, fc.double({ min: 0, max: 1, noNaN: true }), (basis, at, share) => {
        const window = windowOf(resets, at, basis)
        if (resets !== 'never') expect(window.start <= at).toBe(true)
        expect(window.end === null || at < window.end).toBe(true)
        expect(kindOfKey(window.period)).toBe(resets)
        if (window.end === null) return
        const inside = Math.floor(
          window.start.getTime() + share * (window.end.getTime() - 1 - window.start.getTime()),
        )
        // The user's own windows go on behind a subscription's, and are not cut by it.
        const isOwn = resets === 'billing' && !window.period.includes(' ')
        if (isOwn && spanAt(basis.spans, new Date(inside))) return
        expect(windowOf(resets, new Date(inside), basis)).toEqual(window)
      }),
    )
  })

  test('follow one another without a gap: where one ends, another one begins', () => {
    fc.assert(
      fc.property(bases, near, (basis, at) => {
        const window = windowOf(resets, at, basis)
        if (window.end === null) return
        const next = windowOf(resets, window.end, basis)
        expect(next.period).not.toBe(window.period)
        const isOwn = resets === 'billing' && !next.period.includes(' ')
        // Back in the user's own windows: in the one that goes on.
        if (isOwn) expect(next.start <= window.end).toBe(true)
        else if (!spanAt(basis.spans, window.end) || spanAt(basis.spans, at))
          expect(next.start).toEqual(window.end)
      }),
    )
  })

  test('have keys that lead back to them, and days that count from the first', () => {
    fc.assert(
      fc.property(bases, near, (basis, at) => {
        const window = windowOf(resets, at, basis)
        expect(windowOfKey(window.period, window.end)).toEqual(window)
        const first =
          resets === 'never' ? new Date(window.start.getTime() - 36 * DAY_MS) : window.start
        expect(dayOf(window.period, first)).toBe(1)
        const days = Math.floor(at.getTime() / DAY_MS) - Math.floor(first.getTime() / DAY_MS)
        expect(dayOf(window.period, at)).toBe(Math.max(1, days + 1))
      }),
    )
  })
})

test('what the clock alone says needs nothing of the user', () => {
  const at = new Date('2026-11-30T14:59:59.999Z')
  expect(kinds.map((resets) => clockWindow(resets, at)?.period ?? null)).toEqual([
    '2026-11',
    null,
    '2026-11-30',
    '2026-11-30T14',
    null,
  ])
})

const starts = (anchor: string, months: number) => {
  const spans: BillingSpan[] = []
  const found: string[] = []
  let at = new Date(anchor)
  for (let i = 0; i < months; i += 1) {
    const { end } = windowOf('billing', at, { knownSince: new Date(anchor), spans })
    if (!end) throw new Error('a billing window ends')
    found.push(end.toISOString().slice(0, 16))
    at = end
  }
  return found
}

// As Stripe steps a billing cycle: https://docs.stripe.com/billing/subscriptions/billing-cycle
test.each([
  [
    '2026-01-31T10:00:00.000Z',
    ['2026-02-28T10:00', '2026-03-31T10:00', '2026-04-30T10:00', '2026-05-31T10:00'],
  ],
  ['2028-01-31T10:00:00.000Z', ['2028-02-29T10:00', '2028-03-31T10:00']],
  ['2026-01-30T23:59:59.000Z', ['2026-02-28T23:59', '2026-03-30T23:59']],
  ['2024-02-29T00:00:00.000Z', ['2024-03-29T00:00', '2024-04-29T00:00']],
  ['2026-10-31T00:00:00.000Z', ['2026-11-30T00:00', '2026-12-31T00:00', '2027-01-31T00:00']],
  ['2026-11-15T12:00:00.000Z', ['2026-12-15T12:00', '2027-01-15T12:00']],
])('billing windows from %s begin at %j', (anchor, expected) => {
  expect(starts(anchor, expected.length)).toEqual(expected)
})

describe('billing windows of a subscription', () => {
  const since = new Date('2026-01-01T00:00:00.000Z')
  const span = (more: Partial<BillingSpan>): BillingSpan => ({
    subscriptionId: 'sub_1',
    startsAt: new Date('2026-11-10T09:00:00.000Z'),
    endsAt: null,
    anchor: new Date('2026-11-20T09:00:00.000Z'),
    stepsAfter: null,
    ...more,
  })
  const at = (instant: string, spans: BillingSpan[]) => {
    const { period, endsAt } = windowOf('billing', new Date(instant), { knownSince: since, spans })
    return [period, endsAt]
  }

  test('step both ways from the anchor, and are cut where it begins', () => {
    const spans = [span({})]
    expect(at('2026-11-10T08:59:59.999Z', spans)).toEqual([
      '2026-11-01T00:00:00.000Z',
      '2026-12-01T00:00:00.000Z',
    ])
    expect(at('2026-11-10T09:00:00.000Z', spans)).toEqual([
      '2026-11-10T09:00:00.000Z sub_1',
      '2026-11-20T09:00:00.000Z',
    ])
    expect(at('2026-11-20T09:00:00.000Z', spans)).toEqual([
      '2026-11-20T09:00:00.000Z sub_1',
      '2026-12-20T09:00:00.000Z',
    ])
  })

  test('are cut where it ends, and then the user is back in their own', () => {
    const spans = [span({ endsAt: new Date('2026-12-05T00:00:00.000Z') })]
    expect(at('2026-12-04T00:00:00.000Z', spans)).toEqual([
      '2026-11-20T09:00:00.000Z sub_1',
      '2026-12-05T00:00:00.000Z',
    ])
    expect(at('2026-12-05T00:00:00.000Z', spans)).toEqual([
      '2026-12-01T00:00:00.000Z',
      '2027-01-01T00:00:00.000Z',
    ])
  })

  test('skip the steps before a trial’s end moved', () => {
    const anchor = new Date('2027-01-25T09:00:00.000Z')
    const spans = [span({ anchor, stepsAfter: new Date('2026-11-26T00:00:00.000Z') })]
    for (const instant of [
      '2026-11-10T09:00:00Z',
      '2026-11-25T10:00:00Z',
      '2026-12-25T08:59:59Z',
    ]) {
      expect(at(instant, spans)).toEqual([
        '2026-11-10T09:00:00.000Z sub_1',
        '2026-12-25T09:00:00.000Z',
      ])
    }
    expect(at('2026-12-25T09:00:00.000Z', spans)[0]).toBe('2026-12-25T09:00:00.000Z sub_1')
  })
})

test('a meter that never resets has one window, before the user became known too', () => {
  const basis = { knownSince: new Date('2026-11-30T14:05:06.789Z'), spans: [] }
  const window = windowOf('never', new Date('2026-10-26T00:00:00.000Z'), basis)
  expect(window).toMatchObject({
    period: 'since 2026-10-25T14:05:06.789Z',
    startsAt: '2026-11-30T14:05:06.789Z',
    endsAt: null,
  })
  expect(dayOf(window.period, new Date('2026-10-26T00:00:00.000Z'))).toBe(2)
})
