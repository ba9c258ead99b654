import type { Context } from '../../context.ts'
import { TollgateError } from '../../errors.ts'

export interface Worker {
  /** Ends when the job under way has. */
  stop(): Promise<void>
}

/**
 * Works off the queued webhooks, in any number of processes. Creates the queue's own tables first, so start it
 * before the server takes webhooks.
 */
export async function startWorker(_ctx: Context): Promise<Worker> {
  throw new TollgateError('INTERNAL', 'not yet')
}
