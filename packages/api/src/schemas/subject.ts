import { z } from 'zod'
import { userId } from './primitives.ts'

/** Whom a billing call is about: left out by a session, named by an API key. */
export const subject = z.strictObject({ userId: userId.optional() })
