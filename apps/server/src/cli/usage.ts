import type { Actor, Difference, SourceDifference } from '@tollgate/core'
import { archiveUsage, verifyUsage } from '@tollgate/core'
import type { Answer, CommandContext } from './command.ts'

const REPAIR: Actor = { kind: 'command', id: 'usage verify --repair' }

/** Compares counters, grants and sales of overage with the ledger, and mends them on request. Found something: exit code 1. */
export async function usageVerify(
  { core }: CommandContext,
  { repair = false }: { repair?: boolean },
): Promise<Answer> {
  const found = await verifyUsage(core, repair ? { repairedBy: REPAIR } : {})
  const { counters, differences, sources } = found
  const repaired = repair ? '; repaired' : ''
  const verdict =
    differences.length === 0
      ? `${counters} counters, all equal to the ledger`
      : `${differences.length} of ${counters} counters differ from the ledger${repaired}`
  const ofSources = `${sources.length} records of credits and overage differ from the ledger${repaired}`
  return {
    json: { counters, differences, sources, repaired: repair },
    lines: [
      ...differences.map(describe),
      ...sources.map(describeSource),
      verdict,
      ...(sources.length > 0 ? [ofSources] : []),
    ],
    exitCode: differences.length + sources.length === 0 ? 0 : 1,
  }
}

function describeSource({ userId, meter, kind, place, stored, ledger }: SourceDifference): string {
  const where = [userId, meter, kind, ...place].join(' ')
  return `${where}: ${stored.join(', ') || 'nothing'}; ledger ${ledger.join(', ') || 'nothing'}`
}

function describe({ counter, ledger }: Difference): string {
  const { userId, meter, period } = ledger
  const count = Math.max(ledger.dayAmounts.length, counter.dayAmounts.length)
  const isSame = (a: number[], b: number[], index: number) => (a[index] ?? 0) === (b[index] ?? 0)
  const days = Array.from({ length: count }, (_, index) => index).flatMap((index) =>
    isSame(ledger.dayAmounts, counter.dayAmounts, index) &&
    isSame(ledger.dayEvents, counter.dayEvents, index)
      ? []
      : [index + 1],
  )
  return [
    `${userId} ${meter} ${period}:`,
    `used ${counter.used}, ledger ${ledger.used};`,
    `reserved ${counter.reserved}, ledger ${ledger.reserved};`,
    `days that differ: ${days.join(', ') || 'none'}`,
  ].join(' ')
}

/** Moves ledger rows older than 400 days into the archive. */
export async function usageArchive({ core }: CommandContext): Promise<Answer> {
  const { rows } = await archiveUsage(core)
  return { json: { rows }, lines: [`${rows} ledger rows archived`] }
}
