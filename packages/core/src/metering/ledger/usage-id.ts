import { validate as isUuid } from 'uuid'
import { TollgateError } from '../../errors.ts'

/** Names the user too, so that a usage is found through the ledger's own index, which begins with the user. */
export function toUsageId(userId: string, id: string): string {
  return `${id}.${Buffer.from(userId).toString('base64url')}`
}

/** Back from `toUsageId`; NOT_FOUND for anything that it did not make. */
export function parseUsageId(field: string, usageId: string): { userId: string; id: string } {
  const [id = '', user = '', ...rest] = usageId.split('.')
  const userId = Buffer.from(user, 'base64url').toString()
  if (rest.length > 0 || !isUuid(id) || toUsageId(userId, id) !== usageId) {
    throw notFound(field, usageId)
  }
  return { userId, id }
}

export function notFound(field: string, usageId: string): TollgateError {
  return new TollgateError('NOT_FOUND', `${field}: there is no ${JSON.stringify(usageId)}`)
}
