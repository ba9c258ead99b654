import type { Meter } from '@tollgate/testing/catalog'

// What callers asked for and what they were told: what the invariants are checked against.

export interface Use {
  userId: string
  meter: Meter
  amount: number
  idempotencyKey: string
  ttlSeconds?: number
  occurredAt?: string
}

/** A call, by its name in the REST path. */
export type Request =
  | { verb: 'record' | 'consume' | 'reserve'; input: Use }
  | { verb: 'record-batch'; input: { events: Use[] } }
  | { verb: 'settle'; input: { reservationId: string; amount: number } }
  | { verb: 'release'; input: { reservationId: string } }
  | { verb: 'void'; input: { usageId: string; reason: string } }

interface Body {
  allowed?: boolean
  replayed?: boolean
  usageId?: string | null
  reservationId?: string | null
  results?: { ok: boolean; usageId?: string; replayed?: boolean }[]
  errorCode?: string
}

export interface Answer {
  status: number
  body: Body
}

/** One call, sent until it was answered, and each answer that it got. */
export interface Operation {
  request: Request
  answers: Answer[]
}

/** What an answer says about one idempotency key. */
export interface Told {
  verb: 'record' | 'consume' | 'reserve'
  use: Use
  /** The ledger row's; null where the answer says that there is no effect. */
  usageId: string | null
  replayed: boolean
  /** What every repeat must answer too. */
  answer: object
}

export function toldOfUses({ request, answers }: Operation): Told[] {
  const accepted = answers.filter(({ status }) => status === 200)
  switch (request.verb) {
    case 'record':
    case 'consume':
    case 'reserve':
      return accepted.map(({ body }) => {
        const { replayed = false, ...answer } = body
        const usageId = body.usageId ?? body.reservationId ?? null
        return { verb: request.verb, use: request.input, usageId, replayed, answer }
      })
    case 'record-batch':
      return accepted.flatMap(({ body }) =>
        request.input.events.map((use, item) => {
          const { replayed = false, ...answer } = body.results?.[item] ?? { ok: false }
          return { verb: 'record', use, usageId: answer.usageId ?? null, replayed, answer }
        }),
      )
    default:
      return []
  }
}

/** What an answer says became of a ledger row. */
export interface ToldClosing {
  kind: 'settled' | 'released' | 'voided'
  usageId: string
  amount: number | null
  reason: string | null
  /** Null for a release, whose repeats can't be told. */
  replayed: boolean | null
  answer: object
}

export function toldOfClosings({ request, answers }: Operation): ToldClosing[] {
  const closing = closingOf(request)
  if (!closing) return []
  return answers
    .filter(({ status }) => status === 200)
    .map(({ body: { replayed = null, ...answer } }) => ({ ...closing, replayed, answer }))
}

function closingOf(request: Request): Omit<ToldClosing, 'replayed' | 'answer'> | null {
  switch (request.verb) {
    case 'settle': {
      const { reservationId: usageId, amount } = request.input
      return { kind: 'settled', usageId, amount, reason: null }
    }
    case 'release':
      return {
        kind: 'released',
        usageId: request.input.reservationId,
        amount: null,
        reason: null,
      }
    case 'void':
      return { kind: 'voided', ...request.input, amount: null }
    default:
      return null
  }
}

/** Whether it had an effect, so that a repeat must be answered alike. */
export function tookEffect(operation: Operation): boolean {
  return (
    toldOfUses(operation).some(({ usageId }) => usageId !== null) ||
    toldOfClosings(operation).length > 0
  )
}
