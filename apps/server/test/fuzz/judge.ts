import { errorCodes } from '@tollgate/core'
import { z } from 'zod'
import type { RawRequest } from './requests.ts'
import type { RawAnswer } from './send.ts'

/** Where every refusal has a code of the contract. */
const CODED = /^\/api\/(trpc|billing|usage|users)(\/|\?|$)/

const code = z.enum(errorCodes)
const rest = z.object({ errorCode: code, message: z.string() })
const trpc = z.object({
  error: z.object({
    message: z.string(),
    data: z.object({ errorCode: code }),
  }),
})
const ok = z.object({ result: z.object({}) })
const batchItem = z.union([ok, trpc])

/** What is wrong with an answer; null where it is one that the contract allows, with everything reachable. */
export function faultOf({ method, path }: RawRequest, { status, body }: RawAnswer): string | null {
  const failed = /"errorCode":"(INTERNAL|STRIPE_UNAVAILABLE|UNAVAILABLE)"/.exec(body)?.[1]
  // Of two reconcile runs at once the second is told to come back.
  const isBusy = failed === 'UNAVAILABLE' && path.includes('admin.reconcile')
  if (failed !== undefined && !isBusy) return `a failure of ours: ${failed}`
  if (status >= 500 && !isBusy) return `answered ${status}`
  if (!CODED.test(path) || method === 'HEAD' || method === 'OPTIONS') return null
  if (status < 300 && status !== 207) return null
  const answer = parse(body)
  if (Array.isArray(answer)) {
    return answer.every((each) => batchItem.safeParse(each).success)
      ? null
      : 'a call of the batch has no code'
  }
  // What no route takes, as an address that is too long, has REST's shape everywhere.
  const shape = path.startsWith('/api/trpc') ? z.union([trpc, rest]) : rest
  return shape.safeParse(answer).success ? null : `${status} without a code`
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
