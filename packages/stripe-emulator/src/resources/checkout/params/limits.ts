import { invalidRequest } from '../../../core/errors.ts'
import type { Param } from '../../../http/params/param.ts'
import { oneOfWorking, text } from '../../../http/params/param.ts'
import { listOf } from '../../../http/params/shape.ts'

/** A text of at most so many characters. */
export function limitedText(max: number): Param<string> {
  return {
    read(value, name) {
      const given = text.read(value, name)
      if (given.length <= max) return given
      const shown = `${given.slice(0, 10)}...${given.slice(-10)}`
      throw invalidRequest(`Invalid string: ${shown}; must be at most ${max} characters`, {
        param: name,
      })
    },
  }
}

/** A list of at most so many entries. */
export function limitedList<T>(max: number, entry: Param<T>): Param<T[]> {
  const list = listOf(entry)
  return {
    ...list,
    read(value, name) {
      const given = list.read(value, name)
      if (given.length <= max) return given
      throw invalidRequest(`Array ${name} exceeded maximum ${max} allowed elements.`, {
        param: name,
      })
    },
  }
}

/** The URL of a page that a browser is sent to. */
export const pageUrl: Param<string> = {
  read(value, name) {
    const given = text.read(value, name)
    if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(given)) {
      throw invalidRequest('Invalid URL: An explicit scheme (such as https) must be provided.', {
        code: 'url_invalid',
        param: name,
      })
    }
    if (/^https?:\/\/[^\s/?#]+/i.test(given)) return given
    throw invalidRequest('Not a valid URL', { code: 'url_invalid', param: name })
  },
}

/** An e-mail address. */
export const emailAddress: Param<string> = {
  read(value, name) {
    const given = text.read(value, name)
    if (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(given)) return given
    throw invalidRequest(`Invalid email address: ${given}`, { code: 'email_invalid', param: name })
  },
}

/** A switch that can only be off here. */
export const onlyOff: Param<'false'> = oneOfWorking({ working: ['false'], gaps: ['true'] })
