import { invalidRequest } from '../../core/errors.ts'
import type { Param } from './param.ts'
import { oneOfWorking, text } from './param.ts'
import { listOf } from './shape.ts'

/** A list of at most so many entries. */
export function limitedList<T>(longest: number, entry: Param<T>): Param<T[]> {
  const list = listOf(entry)
  return {
    ...list,
    read(value, name) {
      const given = list.read(value, name)
      requireFew(given.length, longest, name)
      return given
    },
  }
}

/** Throws 400 where a list has more entries than Stripe allows. */
export function requireFew(count: number, most: number, param: string): void {
  if (count <= most) return
  throw invalidRequest(`Array ${param} exceeded maximum ${most} allowed elements.`, { param })
}

/** The address of a web page. */
export const webUrl: Param<string> = {
  read(value, name) {
    const given = text.read(value, name)
    if (/^https?:\/\/[^\s/]+/.test(given)) return given
    throw invalidRequest('Not a valid URL', { code: 'url_invalid', param: name })
  },
}

/** The URL of a page that a browser is sent to; its scheme must be given. */
export const pageUrl: Param<string> = {
  read(value, name) {
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text.read(value, name))) return webUrl.read(value, name)
    throw invalidRequest('Invalid URL: An explicit scheme (such as https) must be provided.', {
      code: 'url_invalid',
      param: name,
    })
  },
}

/** A switch that can only be off here. */
export const onlyOff: Param<'false'> = oneOfWorking({ working: ['false'], gaps: ['true'] })
