import type { Readable } from 'node:stream'
import { TollgateError } from '@tollgate/core'
import type { FastifyRequest } from 'fastify'

/** How much of all requests under way may be held at once, unless a reader is made with another bound. */
const MAX_HELD_BYTES = 64 * 2 ** 20

/** A body of which some is in memory: while it is read, and until its request has its response. */
interface Held {
  bytes: number
  /** Ends the reading, where it has not ended. */
  giveUp: ((error: Error) => void) | null
}

interface Reading {
  request: FastifyRequest
  payload: Readable
  maxBytes: number
}

/**
 * Reads the bodies of requests, each up to its limit and all together up to a bound. Over the bound the largest body that
 * is still being read is given up: so a few that fill the memory slowly don't keep the small ones out.
 */
export class BodyReader {
  readonly #maxHeldBytes: number
  readonly #held = new Map<FastifyRequest, Held>()
  #bytes = 0

  constructor(maxHeldBytes = MAX_HELD_BYTES) {
    this.#maxHeldBytes = maxHeldBytes
  }

  /**
   * The whole body. Throws PAYLOAD_TOO_LARGE, before anything is read where the headers say so; VALIDATION for a body that
   * breaks off; UNAVAILABLE where it had to be given up. How long a body may take is for the server to say. The route's
   * `onResponse` hook must call `release`.
   */
  read({ request, payload, maxBytes }: Reading): Promise<Buffer> {
    if (Number(request.headers['content-length']) > maxBytes) return Promise.reject(tooLarge())
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = []
      const body: Held = { bytes: 0, giveUp: null }
      this.#held.set(request, body)
      const stop = () => {
        body.giveUp = null
        payload.off('data', onData).off('end', onEnd).off('error', onCut).off('close', onCut)
      }
      const onData = (chunk: Buffer) => {
        chunks.push(chunk)
        body.bytes += chunk.length
        this.#bytes += chunk.length
        if (body.bytes > maxBytes) body.giveUp?.(tooLarge())
        else if (this.#bytes > this.#maxHeldBytes) this.#giveUpLargest()
      }
      const onEnd = () => {
        stop()
        resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks))
      }
      const onCut = () => body.giveUp?.(new TollgateError('VALIDATION', 'The body broke off.'))
      body.giveUp = (error) => {
        stop()
        chunks.length = 0
        this.release(request)
        reject(error)
      }
      payload.on('data', onData).once('end', onEnd).once('error', onCut).once('close', onCut)
    })
  }

  /** For when a request has its response. */
  release(request: FastifyRequest): void {
    this.#bytes -= this.#held.get(request)?.bytes ?? 0
    this.#held.delete(request)
  }

  #giveUpLargest(): void {
    let largest: Held | null = null
    for (const body of this.#held.values()) {
      if (body.giveUp && body.bytes > (largest?.bytes ?? -1)) largest = body
    }
    const message = 'Too much is being sent at once; come back in a moment.'
    largest?.giveUp?.(new TollgateError('UNAVAILABLE', message, { retryAfterSeconds: 2 }))
  }
}

function tooLarge(): TollgateError {
  return new TollgateError('PAYLOAD_TOO_LARGE', 'The body is too large.')
}
