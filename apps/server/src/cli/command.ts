import type { Context } from '@tollgate/core'
import { closeContext, initDb } from '@tollgate/core'
import { catalog } from '../config.ts'
import { openCore } from '../core.ts'
import type { Env } from '../env.ts'
import { loadEnv, readEnv } from '../env.ts'
import { createLog } from '../log.ts'

/** What a command may reach. */
export interface CommandContext {
  env: Env
  core: Context
}

/** What a command says: an object for programs, lines for people. */
export interface Answer {
  json: object
  lines: readonly string[]
  /** 0 unless said otherwise. */
  exitCode?: number
}

/** Runs a command on a database that it migrates unless told not to, prints its answer, and leaves no connection open. */
export async function runCommand(
  { json, migrates = true }: { json?: boolean; migrates?: boolean },
  work: (command: CommandContext) => Promise<Answer>,
): Promise<void> {
  const env = readEnv(loadEnv(), catalog)
  const core = openCore(env, createLog({ logLevel: 'warn' }, 'stderr'))
  try {
    if (migrates) await initDb(env.databaseUrl)
    const answer = await work({ env, core })
    console.log(json ? JSON.stringify(answer.json) : answer.lines.join('\n'))
    process.exitCode = answer.exitCode ?? 0
  } finally {
    await closeContext(core)
  }
}

/** "1 customer", "2 customers". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
