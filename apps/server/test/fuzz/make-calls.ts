import type { Call } from './calls.ts'
import { faultOf } from './judge.ts'
import type { Sender } from './send.ts'

/** A call whose answer the contract does not allow. */
export interface Fault {
  fault: string
  /** Its place among the calls of the seed. */
  number: number
  target: string
  caller: string
  request: string
  answer: string
  /** What the server logged. */
  error: string | undefined
}

interface Outcome {
  faults: Fault[]
  /** The targets that understood a call: with 2xx, or with 409, such as a reservation that another call has settled. */
  understood: Set<string>
}

interface Means {
  sender: Sender
  /** What the server logged, by request. */
  errors: ReadonlyMap<string, string>
  /** Forgets how often each user has asked Stripe: which calls are too many depends on the speed of the machine. */
  forgetLimits: () => Promise<unknown>
}

/** How many calls are under way at once. */
const AT_ONCE = 16

/** Makes the calls, in order and several at once. */
export async function makeCalls(
  calls: readonly Call[],
  { sender, errors, forgetLimits }: Means,
): Promise<Outcome> {
  const outcome: Outcome = { faults: [], understood: new Set() }
  const rest = calls.entries()
  const makeNext = async () => {
    for (const [number, call] of rest) {
      const { target, caller, request } = call
      const first = await sender.send(request)
      if (first.status === 429) await forgetLimits()
      const answer = first.status === 429 ? await sender.send(request) : first
      if (answer.status < 300 || answer.status === 409) outcome.understood.add(target)
      const fault = faultOf(request, answer)
      if (fault === null) continue
      outcome.faults.push({
        fault,
        number,
        target,
        caller,
        request: `${request.method} ${request.path} ${request.body ?? ''}`,
        answer: answer.body.slice(0, 300),
        error: errors.get(answer.requestId),
      })
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, makeNext))
  return outcome
}

/** The shortest fault of each kind: at most as many as a reader wants to see. */
export function shortest(faults: readonly Fault[]): Fault[] {
  const kinds = new Map<string, Fault>()
  for (const each of faults.toSorted((a, b) => a.request.length - b.request.length)) {
    const kind = `${each.target} ${each.fault} ${each.error?.split('\n')[0]}`
    if (!kinds.has(kind)) kinds.set(kind, each)
  }
  return [...kinds.values()].slice(0, 20)
}
