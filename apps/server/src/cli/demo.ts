import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { createAuth } from '../auth/auth.ts'
import type { DemoPasswords } from '../auth/demo-accounts.ts'
import { prepareDemoAccounts } from '../auth/demo-accounts.ts'
import { whyNotLocal } from '../config/local.ts'
import { createLog } from '../log.ts'
import type { Answer, CommandContext } from './command.ts'

const input = z.object({
  customerPassword: z.string().min(8),
  adminPassword: z.string().min(8),
})

/** Makes the demo accounts with the passwords given on stdin; only where nobody else can reach them. */
export async function demo({ env, core }: CommandContext): Promise<Answer> {
  const elsewhere = whyNotLocal(env)
  if (elsewhere !== null) throw new Error(`Demo accounts are for this machine alone: ${elsewhere}`)
  const passwords = readPasswords(await text(process.stdin))
  const auth = createAuth({ core, env, log: createLog({ logLevel: 'warn' }, 'stderr'), mail: null })
  const accounts = await prepareDemoAccounts({ core, auth }, passwords)
  return { json: accounts, lines: Object.values(accounts) }
}

function readPasswords(json: string): DemoPasswords {
  try {
    return input.parse(JSON.parse(json))
  } catch (cause) {
    const message =
      'stdin must be {"customerPassword": …, "adminPassword": …}, 8 characters or more'
    throw new Error(message, { cause })
  }
}
