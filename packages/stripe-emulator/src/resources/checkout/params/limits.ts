import { invalidRequest } from '../../../core/errors.ts'
import { webUrl } from '../../../http/params/limits.ts'
import type { Param } from '../../../http/params/param.ts'
import { oneOfWorking, text } from '../../../http/params/param.ts'

/** The URL of a page that a browser is sent to. */
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
