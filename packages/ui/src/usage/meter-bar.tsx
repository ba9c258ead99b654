import { Progress } from 'radix-ui'
import type { Balance } from '../api/types.ts'
import { cn } from '../components/class-names.ts'
import { formatCount } from '../format/counts.ts'
import { meterNames } from '../format/names.ts'
import { type MeterLevel, meterLevel } from './meter-level.ts'

const colours: Record<MeterLevel['state'], string> = {
  unlimited: 'bg-chart',
  none: 'bg-destructive-fill',
  fine: 'bg-chart',
  near: 'bg-warning-fill',
  full: 'bg-destructive-fill',
}

/** Used, then reserved, of the limit. Without a limit there is no end to fill up to: a tinted track. */
export function MeterBar({ balance, className }: { balance: Balance; className?: string }) {
  const { name } = meterNames[balance.meter]
  const { state, usedPercent, reservedPercent } = meterLevel(balance)
  return (
    <Progress.Root
      aria-label={`${name} used`}
      value={usedPercent}
      getValueLabel={() => spoken(balance)}
      className={cn(
        'flex h-2 w-full overflow-hidden rounded-full',
        state === 'unlimited' ? 'bg-chart/20' : 'bg-muted',
        className,
      )}
    >
      <Progress.Indicator
        className={cn('h-full rounded-full transition-[width]', colours[state])}
        style={{ width: `${usedPercent}%` }}
      />
      {reservedPercent > 0 && (
        <div
          className={cn('h-full opacity-40', colours[state])}
          style={{ width: `${reservedPercent}%` }}
        />
      )}
    </Progress.Root>
  )
}

function spoken({ meter, used, limit, unlimited }: Balance): string {
  const { unit } = meterNames[meter]
  const whole = unlimited ? 'unlimited' : formatCount(limit)
  return `${formatCount(used)} of ${whole} ${unit}`
}
