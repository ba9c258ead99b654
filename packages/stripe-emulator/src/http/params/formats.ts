import { invalidRequest } from '../../core/errors.ts'
import type { Param } from './param.ts'
import { text } from './param.ts'

/** An address of e-mail. */
export const email: Param<string> = {
  read(value, name) {
    const given = text.read(value, name)
    if (/^[^\s@]+@[^\s@]+\.[^\s@.]+$/.test(given)) return given
    throw invalidRequest(`Invalid email address: ${given}`, { code: 'email_invalid', param: name })
  },
}

const DESCRIPTOR_LENGTH = 22

/** What stands on the customer's bank statement: 22 characters, at least one letter, none of `<>\"'*`. */
export const statementDescriptor: Param<string> = {
  read(value, name) {
    const given = text.read(value, name)
    const { length } = [...given]
    if (length > DESCRIPTOR_LENGTH) {
      throw invalidRequest(
        `The statement descriptor must be at most ${DESCRIPTOR_LENGTH} characters. ${given} is ${length} characters long.`,
        { param: name },
      )
    }
    if (/[a-z]/i.test(given) && !/[<>\\"'*]/.test(given)) return given
    throw invalidRequest(
      `The statement descriptor must contain at least one letter, and none of these: < > \\ " ' *`,
      { param: name },
    )
  },
}
