import type { TollgateClient } from '@tollgate/client'
import type { FastifyPluginCallback } from 'fastify'
import { z } from 'zod'
import { operationId, recordWork, requireQuota, type Spend } from './metering.ts'
import { answer, countTokens, MAX_RESPONSE_TOKENS } from './model.ts'
import type { Identify } from './session.ts'

export interface ChatRouteOptions {
  tollgate: TollgateClient
  identify: Identify
}

const Body = z.object({ message: z.string().trim().min(1).max(8_000) })

/** `POST /chat { message }`: spends the tokens of message and response, and an API call. */
export const chatRoutes: FastifyPluginCallback<ChatRouteOptions> = (app, options, done) => {
  const { tollgate, identify } = options

  app.post('/chat', async (request) => {
    const userId = await identify(request.headers)
    const { message } = Body.parse(request.body)
    const operation = `chat:${operationId(request.headers)}`

    // Before the work, the most that it may cost; after it, what it did cost. A model that would answer a repeated
    // request differently has to keep its answer with the key, and give that one again.
    const most = countTokens(message) + MAX_RESPONSE_TOKENS
    await requireQuota(tollgate, { userId, spends: spendsOf(most) })
    const { response, usage } = answer(message)
    await recordWork(tollgate, { userId, operation, spends: spendsOf(usage.totalTokens) })
    return { response, usage }
  })
  done()
}

function spendsOf(tokens: number): readonly Spend[] {
  return [
    { meter: 'tokens', amount: tokens },
    { meter: 'apiCalls', amount: 1 },
  ]
}
