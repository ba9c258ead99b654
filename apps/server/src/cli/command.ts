import type { Context } from '@tollgate/core'
import { closeContext, initDb } from '@tollgate/core'
import { readDeployment } from '../config/deployment.ts'
import type { Env } from '../config/env.ts'
import { openCore } from '../core.ts'
import { createLog } from '../log.ts'
import { borrowDatabase } from '../starter/borrow-database.ts'
import type { Settings } from '../starter/settings.ts'
import { readSettings } from '../starter/settings.ts'

/** Every command has it. */
export const JSON_OPTION = ['--json', 'answer as one JSON object'] as const

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

/**
 * Runs a command of the project in the working directory, on the database that its server uses. It is migrated unless
 * told not to. Prints the answer, sets the exit code, and leaves no connection open.
 */
export async function runCommand(
  { json, migrates = true }: { json?: boolean; migrates?: boolean },
  work: (command: CommandContext) => Promise<Answer>,
): Promise<void> {
  const settings = await readSettings()
  const giveBack = await borrowDatabase(settings)
  try {
    const answer = await withCore(settings, async (command) => {
      if (migrates) await initDb(command.env.databaseUrl)
      return work(command)
    })
    console.log(json ? JSON.stringify(answer.json) : answer.lines.join('\n'))
    process.exitCode = answer.exitCode ?? 0
  } finally {
    await giveBack()
  }
}

async function withCore<T>(
  settings: Settings,
  work: (command: CommandContext) => Promise<T>,
): Promise<T> {
  const deployment = readDeployment(settings.env, settings.config)
  const core = openCore(deployment, createLog({ logLevel: 'warn' }, 'stderr'))
  try {
    return await work({ env: deployment.env, core })
  } finally {
    await closeContext(core)
  }
}

/** "1 customer", "2 customers". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
