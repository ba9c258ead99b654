import { TollgateError } from '@tollgate/core'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { answerFailure } from './failure.ts'

/** A handler that answers NOT_FOUND, in the shape that `answer` gives to failures. */
export function answerUnknown(answer: typeof answerFailure) {
  const failure = new TollgateError('NOT_FOUND', 'There is nothing at this address.')
  return (request: FastifyRequest, reply: FastifyReply) => answer(failure, request, reply)
}
