import type { Settings } from '../../core/context.ts'
import type { Engine } from '../../core/engine.ts'
import type { EmulatorFaults } from '../../core/faults/emulator-faults.ts'
import type { RateLimit } from '../../core/faults/rate-limit.ts'
import type { Store } from '../../core/store/store.ts'
import type { WebhookSender } from '../../webhooks/sender.ts'
import type { WebhookOptions } from '../../webhooks/targets.ts'
import type { Endpoint, Method } from '../endpoint.ts'
import type { ApiKeys } from '../keys/api-keys.ts'
import type { Param } from '../params/param.ts'

/** The parts of the emulator that the control endpoints use. */
export interface ControlParts {
  engine: Engine
  store: Store
  faults: EmulatorFaults
  rateLimit: RateLimit
  keys: ApiKeys

  settings: Settings
  sender: WebhookSender
  configured: readonly WebhookOptions[]
  /** The routes of the API, which scenarios call. */
  endpoints: readonly Endpoint[]
  /** The size of the data file in bytes; null: there is none. */
  fileBytes: () => number | null
  reset: () => void
}

/** A request to a control endpoint, its parameters not yet parsed. */
export interface RawControlRequest {
  id: string
  query: Record<string, unknown>
  body: unknown
}

/** One control endpoint. */
export interface ControlRoute {
  method: Method
  path: string
  /** What it does, in a line. */
  summary: string
  /** What its body or query takes, in a line. */
  takes: string
  run(raw: RawControlRequest): object | Promise<object>
}

/** Turns JSON into what the parameter parsers expect: every scalar is a string. */
export function asStrings(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asStrings)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, asStrings(entry)]))
}

/** Declares a control endpoint whose query (GET) or body (POST) is parsed by `params`. */
export function controlRoute<P>(
  route: `${Method} /_emulator${string}`,
  about: { summary: string; takes?: string; params: Param<P> },
  run: (call: { id: string; params: P }) => object | Promise<object>,
): ControlRoute {
  const [method = 'GET', path = ''] = route.split(' ')
  return {
    // The type of `route` allows no other words.
    method: method as Method,
    path,
    summary: about.summary,
    takes: about.takes ?? '',
    run({ id, query, body }) {
      const given = method === 'GET' ? query : (body ?? {})
      return run({ id, params: about.params.read(asStrings(given), '') })
    },
  }
}
