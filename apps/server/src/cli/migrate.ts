import { initDb } from '@tollgate/core'
import type { Answer, CommandContext } from './command.ts'
import { counted } from './command.ts'

/** Brings the database's tables up to this version, as each start does. Safely repeated, also by several at once. */
export async function migrate({ env }: CommandContext): Promise<Answer> {
  const applied = await initDb(env.databaseUrl)
  return { json: { applied }, lines: [`${counted(applied, 'migration')} applied`] }
}
