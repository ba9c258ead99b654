import { grantCredits } from '@tollgate/core'
import { InvalidArgumentError } from 'commander'
import type { Answer, CommandContext } from './command.ts'

export interface CreditsGrantOptions {
  user: string
  meter: string
  amount: number
  reason: string
  key: string
  expires?: Date
}

/** Gives a user credits, once for a key. */
export async function creditsGrant(
  { core }: CommandContext,
  { user, meter, amount, reason, key, expires }: CreditsGrantOptions,
): Promise<Answer> {
  const grant = await grantCredits(core, {
    userId: user,
    meter,
    amount,
    reason,
    idempotencyKey: key,
    expiresAt: expires,
    actor: { kind: 'command', id: 'credits grant' },
  })
  const until = grant.expiresAt === null ? 'without an end' : `until ${grant.expiresAt}`
  return {
    json: grant,
    lines: [`${user} has ${amount} ${meter} more, ${until}: grant ${grant.id}`],
  }
}

/** Throws commander's error for anything but a whole number. */
export function parseAmount(text: string): number {
  if (/^\d+$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Write it as a whole number.')
}
