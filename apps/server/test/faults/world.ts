import type { Context } from '@tollgate/core'
import { closeContext, createContext } from '@tollgate/core'
import type { Clock } from '@tollgate/core/testing'
import { silentLog, systemClock } from '@tollgate/core/testing'
import { catalog } from '@tollgate/testing/catalog'
import { addSubscriber, apiKey } from '../subscribers.ts'
import type { Users } from './load.ts'
import { addSources } from './sources.ts'

/** What those who only consume and reserve may use of every meter. */
export const LIMIT = 40
/** What some of them have of it in credits, and as the cap of their overage: the rest is the allowance. */
const BEYOND = { credits: 15, cap: 10 }

export interface World {
  core: Context
  apiKey: string
  limits: Map<string, number>
  /** Instants that usage may be dated, in this month and in the one before. */
  past: string[]
  /** The latest that any server's clock says. */
  latest: Date
  /** New users, so that each round has limits to meet. */
  addUsers(round: number): Promise<Users>
  close(): Promise<void>
}

/** What a test holds of a deployment besides its servers: its database, a key and its users. */
export async function openWorld(databaseUrl: string, clock: Clock = systemClock): Promise<World> {
  const core = createContext({
    catalog,
    databaseUrl,
    stripe: { secretKey: 'sk_test_1', webhookSecrets: [], apiBase: 'http://127.0.0.1:1' },
    settings: { appUrl: 'http://127.0.0.1', pastDueGraceDays: 7, priceIds: {} },
    log: silentLog,
    clock,
  })
  const limits = new Map<string, number>()
  const now = clock.now().getTime()
  return {
    core,
    apiKey: await apiKey(core, ['usage:write', 'usage:correct']),
    limits,
    past: [1, 20, 34].map((days) => new Date(now - days * 86_400_000).toISOString()),
    // No test runs for so long.
    latest: new Date(now + 3_600_000),
    addUsers: async (round) => {
      const users = { strict: [`strict-${round}-a`, `strict-${round}-b`], free: [`free-${round}`] }
      for (const userId of users.strict) limits.set(userId, LIMIT)
      const all = [...users.strict, ...users.free]
      const [plain, ...buyers] = all
      if (plain) await addSubscriber(core, plain, LIMIT)
      for (const userId of buyers) {
        await addSubscriber(core, userId, LIMIT - BEYOND.credits - BEYOND.cap)
        await addSources(core, userId, BEYOND)
      }
      return users
    },
    close: () => closeContext(core),
  }
}

/** Something that is up or down, and that can be waited for. */
export class Switch {
  #up = Promise.resolve()
  #turnOn: () => void = () => undefined

  up(): Promise<void> {
    return this.#up
  }

  off(): void {
    this.#up = new Promise((resolve) => {
      this.#turnOn = resolve
    })
  }

  on(): void {
    this.#turnOn()
  }
}
