import { invalid } from '@tollgate/core'
import type { ApiContext } from './context.ts'

/** Throws VALIDATION unless the URL is on one of the allowed origins. */
export function checkReturnUrl(
  { origins }: Pick<ApiContext, 'origins'>,
  field: string,
  url: string | undefined,
): void {
  if (url === undefined || (URL.canParse(url) && origins.includes(new URL(url).origin))) return
  throw invalid(field, `must be on one of ${origins.join(', ')}`)
}
