import type { Context } from '@tollgate/core'
import { getSessionFromCtx, isAPIError } from 'better-auth/api'
import type { Guess, Guesser } from '../limits/password-guesses.ts'
import { PasswordGuesses } from '../limits/password-guesses.ts'
import { notePlace } from '../limits/places.ts'
import { textOf } from './body.ts'
import type { HookContext } from './hook-context.ts'
import { addressOf } from './hook-context.ts'
import { refusals } from './refusals.ts'

/** Routes that compare the password of somebody who is signed in. */
const comparing = new Set(['/change-email', '/change-password', '/delete-user', '/verify-password'])
/** Codes of a password that was compared and was wrong. */
const wrong = new Set(['INVALID_EMAIL_OR_PASSWORD', 'INVALID_PASSWORD'])

/** Puts the limits of guesses around every route that compares a password. */
export class GuessLimit {
  readonly #core: Context
  readonly #guesses: PasswordGuesses
  readonly #underWay = new WeakMap<Request, Guess>()

  constructor(core: Context, options: { production: boolean }) {
    this.#core = core
    this.#guesses = new PasswordGuesses(core, options)
  }

  /** Counts the guess, before it is made. Throws 429. */
  async before(ctx: HookContext): Promise<void> {
    const guesser = await guesserOf(ctx)
    if (!ctx.request || !guesser) return
    const guess = await this.#guesses.begin(guesser)
    if ('retryAfterSeconds' in guess) throw refusals.tooMany(guess.retryAfterSeconds)
    this.#underWay.set(ctx.request, guess)
  }

  /** Takes it back, unless the password was wrong. */
  async after(ctx: HookContext): Promise<void> {
    const guess = ctx.request && this.#underWay.get(ctx.request)
    if (!guess) return
    const { returned } = ctx.context
    const failure = isAPIError(returned) ? String(returned.body?.code) : null
    if (failure === null || failure === 'ACCOUNT_BANNED') await this.#guesses.wasRight(guess)
    else if (!wrong.has(failure)) await this.#guesses.wasNone(guess)
  }

  /** An account was opened from this request's address, with its password or by its mail: others' tries elsewhere do not stop it. */
  async trust(user: { id: string; email: string }, address: string): Promise<void> {
    await this.#guesses.forgive({ email: user.email, place: { kind: 'network', id: address } })
    const { db, clock } = this.#core
    await notePlace(db.pool, { userId: user.id, address, now: clock.now() })
  }
}

/** Null where the route compares no password, or nobody is signed in. */
async function guesserOf(ctx: HookContext): Promise<Guesser | null> {
  if (ctx.path === '/sign-in/email') {
    const email = textOf(ctx.body, 'email')?.toLowerCase() ?? ''
    return { email, place: { kind: 'network', id: addressOf(ctx) } }
  }
  if (!comparing.has(ctx.path)) return null
  const session = await getSessionFromCtx(ctx, { disableCookieCache: true })
  if (!session) return null
  return { email: session.user.email, place: { kind: 'session', id: session.session.id } }
}
