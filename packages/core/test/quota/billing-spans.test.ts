import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { BillingSpan } from '../../src/quota/index.ts'
import { nextSpans, windowOf } from '../../src/quota/index.ts'

type Input = Parameters<typeof nextSpans>[0]
type AtStripe = Input['subscriptions'][number]

const T0 = Date.parse('2026-11-15T12:00:00.000Z')
const HOUR_MS = 3_600_000
const hours = (count: number) => new Date(T0 + count * HOUR_MS)

const atStripe = (more: Partial<AtStripe> = {}): AtStripe => ({
  id: 'sub_1',
  plan: 'pro',
  status: 'active',
  is_current: true,
  created_at: hours(0),
  ended_at: null,
  trial_end: null,
  billing_cycle_anchor: hours(0),
  ...more,
})
const stored = (subscription: AtStripe): Input['earlier'][number] => ({
  id: subscription.id,
  plan: subscription.plan,
  status: subscription.status,
  isCurrent: subscription.is_current,
  trialEnd: subscription.trial_end,
})

/** What syncs at these hours make of these states, each written before the next. */
function follow(syncs: readonly [hour: number, subscriptions: readonly AtStripe[]][]) {
  let spans: readonly BillingSpan[] = []
  let earlier: Input['earlier'] = []
  for (const [hour, subscriptions] of syncs) {
    spans = nextSpans({ spans, earlier, subscriptions, now: hours(hour) })
    earlier = subscriptions.map(stored)
  }
  return spans.map(({ subscriptionId, startsAt, endsAt, anchor, stepsAfter }) => {
    const since = (at: Date | null) => at && (at.getTime() - T0) / HOUR_MS
    return [subscriptionId, since(startsAt), since(endsAt), since(anchor), since(stepsAfter)]
  })
}

const ended = (at: number, more: Partial<AtStripe> = {}) =>
  atStripe({ status: 'canceled', is_current: false, ended_at: hours(at), ...more })

describe('a subscription gives windows', () => {
  test('from when it was created, however late the first sync is', () => {
    expect(follow([[1, [atStripe()]]])).toEqual([['sub_1', 0, null, 0, null]])
    expect(follow([[900, [atStripe()]]])).toEqual([['sub_1', 0, null, 0, null]])
  })

  test('until it ended, however late that is heard of', () => {
    const spans = [['sub_1', 0, 5, 0, null]]
    expect(
      follow([
        [1, [atStripe()]],
        [5, [ended(5)]],
      ]),
    ).toEqual(spans)
    expect(
      follow([
        [1, [atStripe()]],
        [90, [ended(5)]],
      ]),
    ).toEqual(spans)
  })

  test('never, where it ended before it was heard of', () => {
    expect(follow([[9, [ended(5)]]])).toEqual([])
  })

  test.each(['past_due', 'unpaid', 'paused'])('while it is %s', (status) => {
    expect(
      follow([
        [1, [atStripe()]],
        [2, [atStripe({ status })]],
      ]),
    ).toEqual([['sub_1', 0, null, 0, null]])
  })

  test('from now on, where it was known and gave no quota before', () => {
    for (const before of [{ status: 'incomplete' }, { plan: null }]) {
      expect(
        follow([
          [1, [atStripe(before)]],
          [3, [atStripe()]],
        ]),
      ).toEqual([['sub_1', 3, null, 0, null]])
    }
  })

  test('not while it is incomplete, expired so, or of an unknown price', () => {
    expect(follow([[1, [atStripe({ status: 'incomplete' })]]])).toEqual([])
    const expired = ended(23, { status: 'incomplete_expired' })
    expect(
      follow([
        [1, [atStripe({ status: 'incomplete' })]],
        [24, [expired]],
      ]),
    ).toEqual([])
    expect(follow([[1, [atStripe({ plan: null })]]])).toEqual([])
  })

  test('also when its price is no longer known', () => {
    expect(
      follow([
        [1, [atStripe()]],
        [2, [atStripe({ plan: null })]],
      ]),
    ).toEqual([['sub_1', 0, null, 0, null]])
  })

  test('from when it was created, where it was stored by a version that knew no windows', () => {
    const input = { spans: [], subscriptions: [atStripe()], earlier: [stored(atStripe())] }
    expect(nextSpans({ ...input, now: hours(90) })).toMatchObject([{ startsAt: hours(0) }])
  })
})

describe('a second subscription', () => {
  const first = atStripe()
  const second = atStripe({ id: 'sub_2', created_at: hours(4), billing_cycle_anchor: hours(4) })
  const beside = { ...first, is_current: false }

  test('takes over when it was created, where it counts', () => {
    expect(
      follow([
        [1, [first]],
        [7, [second, beside]],
      ]),
    ).toEqual([
      ['sub_1', 0, 4, 0, null],
      ['sub_2', 4, null, 4, null],
    ])
  })

  test('takes over when the first one ends, where that counts until then', () => {
    const waiting = { ...second, is_current: false }
    expect(
      follow([
        [1, [first]],
        [5, [waiting, first]],
        [9, [second, ended(8)]],
      ]),
    ).toEqual([
      ['sub_1', 0, 8, 0, null],
      ['sub_2', 8, null, 4, null],
    ])
  })

  test('gives back to the first when it ends', () => {
    const over = { ...second, status: 'canceled', is_current: false, ended_at: hours(6) }
    expect(
      follow([
        [1, [first]],
        [5, [second, beside]],
        [9, [over, first]],
      ]),
    ).toEqual([
      ['sub_1', 0, 4, 0, null],
      ['sub_2', 4, 6, 4, null],
      ['sub_1', 6, null, 0, null],
    ])
  })

  test('after the first had ended leaves a time between them', () => {
    expect(
      follow([
        [1, [first]],
        [9, [second, ended(2)]],
      ]),
    ).toEqual([
      ['sub_1', 0, 2, 0, null],
      ['sub_2', 4, null, 4, null],
    ])
  })
})

describe('an anchor that moved', () => {
  test('begins a window where it is, or now where it is to come', () => {
    const moved = (anchor: number) => atStripe({ billing_cycle_anchor: hours(anchor) })
    expect(
      follow([
        [1, [atStripe()]],
        [9, [moved(7)]],
      ]),
    ).toEqual([
      ['sub_1', 0, 7, 0, null],
      ['sub_1', 7, null, 7, null],
    ])
    expect(
      follow([
        [1, [atStripe()]],
        [9, [moved(90)]],
      ]),
    ).toEqual([
      ['sub_1', 0, 9, 0, null],
      ['sub_1', 9, null, 90, null],
    ])
  })

  test('with the end of a trial begins none', () => {
    const trial = (end: number) =>
      atStripe({ status: 'trialing', trial_end: hours(end), billing_cycle_anchor: hours(end) })
    expect(
      follow([
        [1, [trial(240)]],
        [9, [trial(480)]],
      ]),
    ).toEqual([['sub_1', 0, null, 480, 9]])
    const early = { ...trial(20), status: 'active' }
    expect(
      follow([
        [1, [trial(240)]],
        [21, [early]],
      ]),
    ).toEqual([['sub_1', 0, null, 20, 21]])
    // Behind the first step: what was before it stays as it was.
    expect(
      follow([
        [1, [trial(240)]],
        [300, [trial(900)]],
      ]),
    ).toEqual([
      ['sub_1', 0, 240, 240, null],
      ['sub_1', 240, null, 900, 300],
    ])
  })
})

const someState = fc
  .array(
    fc.record({
      plan: fc.constantFrom('pro', null),
      status: fc.constantFrom('trialing', 'active', 'past_due', 'paused', 'incomplete', 'canceled'),
      created_at: fc.integer({ min: 0, max: 200 }).map(hours),
      endedAfter: fc.integer({ min: 0, max: 2_000 }),
      anchor: fc.integer({ min: 0, max: 2_000 }).map(hours),
      isTrial: fc.boolean(),
    }),
    { minLength: 0, maxLength: 3 },
  )
  .map((all) =>
    all.map(({ endedAfter, anchor, isTrial, ...each }, i): AtStripe => {
      const hasEnded = each.status === 'canceled'
      return {
        ...each,
        id: `sub_${i}`,
        is_current: !hasEnded && all.findIndex(({ status }) => status !== 'canceled') === i,
        ended_at: hasEnded ? new Date(each.created_at.getTime() + endedAfter * HOUR_MS) : null,
        billing_cycle_anchor: anchor,
        trial_end: isTrial ? anchor : null,
      }
    }),
  )
const syncs = fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), someState), { maxLength: 8 })

test('whatever comes, times never overlap, a repeat changes nothing, and nothing past is counted anew', () => {
  fc.assert(
    fc.property(syncs, (all) => {
      let spans: readonly BillingSpan[] = []
      let earlier: Input['earlier'] = []
      let hour = 200
      for (const [later, subscriptions] of all) {
        hour += later
        const now = hours(hour)
        const next = nextSpans({ spans, earlier, subscriptions, now })
        earlier = subscriptions.map(stored)
        for (const wait of [0, 1, 999]) {
          const repeat = { spans: next, earlier, subscriptions, now: hours(hour + wait) }
          expect(nextSpans(repeat)).toBe(next)
        }
        for (const [i, { startsAt, endsAt }] of next.entries()) {
          const following = next[i + 1]
          if (endsAt !== null) expect(startsAt < endsAt).toBe(true)
          if (following) expect(endsAt !== null && endsAt <= following.startsAt).toBe(true)
        }
        // A time that had ended stays: what it counted is not recounted.
        const over = spans.filter(({ endsAt }) => endsAt !== null)
        expect(next.slice(0, over.length)).toEqual(over)
        spans = next
      }
    }),
    { numRuns: 500 },
  )
})

test('a moved end of a trial leaves the window of now under its key', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3_000 }),
      fc.integer({ min: 1, max: 3_000 }),
      fc.integer({ min: 1, max: 2_500 }),
      (end, movedTo, hour) => {
        const trial = (at: number) =>
          atStripe({ status: 'trialing', trial_end: hours(at), billing_cycle_anchor: hours(at) })
        const now = hours(hour)
        const before = nextSpans({ spans: [], earlier: [], subscriptions: [trial(end)], now })
        const after = nextSpans({
          spans: before,
          earlier: [stored(trial(end))],
          subscriptions: [trial(movedTo)],
          now,
        })
        const key = (spans: readonly BillingSpan[]) =>
          windowOf('billing', now, { knownSince: hours(-99), spans }).period
        expect(key(after)).toBe(key(before))
      },
    ),
  )
})
