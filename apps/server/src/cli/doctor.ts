import type { Finding } from '@tollgate/core'
import { examine } from '@tollgate/core'
import { checkProxy } from '../config/check-proxy.ts'
import type { Answer, CommandContext } from './command.ts'
import { counted } from './command.ts'

/** Says of everything that billing needs how it is, and what to do about it. A problem: exit code 1. */
export async function doctor({ core, env }: CommandContext): Promise<Answer> {
  const checks = [...(await examine(core)), checkProxy(env)]
  const problems = checks.filter((check) => !check.ok).length
  const verdict = problems === 0 ? 'All is well.' : `${counted(problems, 'problem')}.`
  return {
    json: { ok: problems === 0, checks },
    lines: [...checks.flatMap(describe), verdict],
    exitCode: problems === 0 ? 0 : 1,
  }
}

function describe({ name, ok, message, fix }: Finding): string[] {
  const line = [ok ? 'ok     ' : 'problem', name.padEnd(20), message].join('  ')
  return fix === null ? [line] : [line, `         → ${fix}`]
}
