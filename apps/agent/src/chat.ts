import type { TollgateClient } from '@tollgate/client'
import type { FastifyPluginCallback } from 'fastify'
import { z } from 'zod'
import { metered, operationOf, type Spend } from './metering.ts'
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
    const operation = operationOf('chat', request.headers)
    const most = spendOf(countTokens(message) + MAX_RESPONSE_TOKENS)

    return metered(tollgate, { userId, operation, most }, async () => {
      // A model that would answer a repeated request differently has to keep its answer with the key.
      const result = answer(message)
      return { result, spent: spendOf(result.usage.totalTokens) }
    })
  })
  done()
}

function spendOf(tokens: number): readonly Spend[] {
  return [
    { meter: 'tokens', amount: tokens },
    { meter: 'apiCalls', amount: 1 },
  ]
}
