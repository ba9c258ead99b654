import type { Socket } from 'node:net'
import type { Link } from '../flaky-link.ts'
import { openLink } from '../flaky-link.ts'
import type { Trap } from './trap.ts'

/** What may change something: outside a transaction it is a step by itself, inside one its COMMIT is. */
const WRITES = /^\s*(insert|update|delete|with|commit)\b/i

/** The queue's own: which jobs it takes and when, nobody can say beforehand. */
const QUEUE = /"?graphile_worker"?\._/

/** A way to a database on which each statement that commits something is a step of the trap. */
export function openPostgresGate(databaseUrl: string, trap: Trap): Promise<Link> {
  return openLink(databaseUrl, (near, far) => watch(near, far, trap))
}

/** PostgreSQL's protocol, as far as it tells which statement has just been committed. */
function watch(near: Socket, far: Socket, trap: Trap): void {
  const prepared = new Map<string, string>()
  let statement = ''
  const asked = new Messages('startup')
  near.on('data', (chunk: Buffer) => {
    for (const { type, body } of asked.read(chunk)) {
      if (type === 'Q') statement = textAt(body, 0)
      if (type === 'P') {
        const name = textAt(body, 0)
        prepared.set(name, textAt(body, name.length + 1))
      }
      if (type === 'B') statement = prepared.get(textAt(body, textAt(body, 0).length + 1)) ?? ''
    }
    far.write(chunk)
  })
  const answered = new Messages('messages')
  far.on('data', (chunk: Buffer) => {
    let held = false
    for (const { type, body } of answered.read(chunk)) {
      // Ready for the next query, and not in a transaction: what was asked is committed.
      if (type !== 'Z' || body.toString() !== 'I') continue
      if (!WRITES.test(statement) || QUEUE.test(statement)) continue
      held = trap.holds(statement.trim().split('\n')[0] ?? '') || held
    }
    if (!held) near.write(chunk)
  })
}

function textAt(body: Buffer, from: number): string {
  return body.toString('utf8', from, body.indexOf(0, from))
}

/** Cuts a stream into messages: a letter, a length that counts itself, and that many bytes less four. */
class Messages {
  #rest = Buffer.alloc(0)
  #state: 'startup' | 'messages'

  /** A client's first message has no letter. */
  constructor(state: 'startup' | 'messages') {
    this.#state = state
  }

  *read(chunk: Buffer): Generator<{ type: string; body: Buffer }> {
    this.#rest = Buffer.concat([this.#rest, chunk])
    while (true) {
      const head = this.#state === 'startup' ? 0 : 1
      if (this.#rest.length < head + 4) return
      const end = head + this.#rest.readUInt32BE(head)
      if (this.#rest.length < end) return
      const type = head === 0 ? '' : this.#rest.toString('latin1', 0, 1)
      const body = this.#rest.subarray(head + 4, end)
      this.#rest = this.#rest.subarray(end)
      this.#state = 'messages'
      if (type !== '') yield { type, body }
    }
  }
}
