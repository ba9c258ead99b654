import { startStripeEmulator } from '../../src/index.ts'
import { onEnd } from '../harness.ts'
import { checkedObserver } from '../schemas/observe.ts'
import { openAccount } from './account.ts'
import type { Accepted, Json } from './differences.ts'
import { differences } from './differences.ts'

/** One exchange of a recording (tooling/testing/stripe-recorded/README.md). */
export interface Recorded {
  recorded_at: string
  version: string
  method: string
  path: string
  query: string
  request_body: string
  status: number
  response: Json
}

const ID =
  /\b(?:bpc|bps|cbtxn|ch|cn|cs_test|cus|di|ii|il|in|inpay|pi|pm|price|prod|promo|re|seti|si|sub_sched|sub|txn)_\w{10,}/g

interface Answer {
  status: number
  body: Json
  headers: Headers
}

export type Call = (request: {
  method: string
  path: string
  body?: string
  version?: string
}) => Promise<Answer>

/** An emulator whose clock is set to the time of each recorded request. */
async function emulatorAt(at: () => string): Promise<Call> {
  const emulator = await startStripeEmulator({
    clock: { now: () => new Date(at()) },
    observer: checkedObserver(),
  })
  onEnd(() => emulator.stop())
  const call: Call = async ({ method, path, body = '', version }) => {
    const response = await fetch(`${emulator.url}${path}`, {
      method,
      headers: {
        Authorization: 'Bearer sk_test_x',
        'Content-Type': 'application/x-www-form-urlencoded',
        ...(version !== undefined && { 'Stripe-Version': version }),
      },
      ...(method === 'POST' && { body }),
    })
    return {
      status: response.status,
      body: JSON.parse(await response.text()),
      headers: response.headers,
    }
  }
  return call
}

/** Maps recorded ids to ours, wherever both responses have an id. */
function mapIds(ids: Map<string, string>, recorded: unknown, ours: unknown): void {
  if (typeof recorded === 'string' && typeof ours === 'string') {
    const [id] = recorded.match(ID) ?? []
    if (id === recorded) ids.set(recorded, ours)
  } else if (Array.isArray(recorded) && Array.isArray(ours)) {
    for (const [index, item] of recorded.entries()) mapIds(ids, item, ours[index])
  } else if (isObject(recorded) && isObject(ours)) {
    for (const [key, value] of Object.entries(recorded)) mapIds(ids, value, ours[key])
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** When a request was made: the time of the response, or when it created its object, if that is later. */
function timeOf({ recorded_at: at, response }: Recorded): string {
  const created = isObject(response) ? Number(response['created'] ?? 0) : 0
  return later(at, new Date(created * 1000).toISOString())
}

function later(one: string, other: string): string {
  return Date.parse(one) > Date.parse(other) ? one : other
}

/** What a replay of a recording found. */
export interface Replay {
  /** Requests that were sent. */
  sent: number
  /** Requests whose ids come from outside the recording, so that they can't be sent. */
  left: string[]
  /** Requests with another status, with the response. */
  statuses: string[]
  /** Differences in shape and in values. */
  differences: string[]
}

/**
 * Sends the requests of a recording to an emulator, with our ids in place of the recorded ones, and compares.
 * `asRecorded`: in the version of the recording, else in the pinned one.
 */
export async function replay(
  flow: readonly Recorded[],
  options: { accepted: readonly Accepted[]; asRecorded: boolean },
): Promise<Replay> {
  let now = flow[0]?.recorded_at ?? ''
  const call = await emulatorAt(() => now)
  const ids = await openAccount(call)
  const ours = (text: string) => text.replace(ID, (id) => ids.get(id) ?? id)
  const isKnown = (id: string) => ids.has(id) || id.startsWith('pm_card_')
  const found: Replay = { sent: 0, left: [], statuses: [], differences: [] }
  for (const one of flow) {
    const what = `${one.method} ${one.path}`
    const used = `${one.path} ${one.request_body} ${one.query}`.match(ID) ?? []
    if (!used.every(isKnown) && one.status < 400) {
      found.left.push(what)
      continue
    }
    now = later(now, timeOf(one))
    const answer = await call({
      method: one.method,
      path: `${ours(one.path)}${ours(one.query)}`,
      body: ours(one.request_body),
      ...(options.asRecorded && { version: one.version }),
    })
    found.sent += 1
    if (answer.status !== one.status) {
      found.statuses.push(
        `${what}: ${one.status}, ours ${answer.status} ${JSON.stringify(answer.body)}`,
      )
      continue
    }
    mapIds(ids, one.response, answer.body)
    for (const line of differences(one.response, answer.body, options.accepted)) {
      found.differences.push(line)
    }
  }
  return { ...found, differences: [...new Set(found.differences)].sort() }
}
