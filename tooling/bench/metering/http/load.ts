import autocannon from 'autocannon'
import { percentile } from '../rounds.ts'

export interface Call {
  path: string
  /** JSON; a call without it is a GET. */
  body?: string
}

export interface Load {
  /** Servers that share the connections. */
  urls: readonly string[]
  connections: number
  calls: readonly Call[]
  /** The API key. */
  key: string
}

export interface Answers {
  perSecond: number
  p99Ms: number
  /** Of each call, in the order of the answers: over one connection, that of the calls. */
  timesMs: readonly number[]
  /** Calls that a quota refused, which is an answer too. */
  refused: number
}

/**
 * Makes all calls, each once, over so many connections, and waits for all answers. Every request is built before the
 * first is sent. Throws unless each was answered with 200: a refusal by the rate limit or by load shedding is not
 * what is measured.
 */
export async function load({ urls, connections, calls, key }: Load): Promise<Answers> {
  let [clients, refused, began, ended] = [0, 0, 0, 0]
  const times: number[] = []
  const result = await autocannon({
    // It takes several, which share the connections; its types know one.
    ...({ url: urls } as unknown as { url: string }),
    connections,
    amount: calls.length,
    sampleInt: 20,
    timeout: 60,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    setupClient(client) {
      const first = clients
      clients += 1
      client.setRequests(calls.filter((_, i) => i % connections === first).map(toRequest))
      client.on('response', (_status, _bytes, ms) => {
        times.push(ms)
        ended = performance.now()
      })
      // Nothing is sent before the last client is set up.
      began = performance.now()
    },
    verifyBody(body) {
      if (String(body).includes('"allowed":false')) refused += 1
      return true
    },
  })
  const { errors, timeouts, statusCodeStats = {} } = result
  if (statusCodeStats['200']?.count !== calls.length || errors > 0) {
    const found = JSON.stringify({ errors, timeouts, statusCodeStats })
    throw new Error(`${calls.length} calls were not all answered with 200: ${found}`)
  }
  return {
    perSecond: calls.length / ((ended - began) / 1_000),
    p99Ms: percentile(times, 0.99),
    timesMs: times,
    refused,
  }
}

function toRequest({ path, body }: Call): autocannon.Request {
  return body === undefined ? { method: 'GET', path } : { method: 'POST', path, body }
}
