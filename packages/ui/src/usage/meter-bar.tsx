import { Progress } from 'radix-ui'
import type { Balance, Catalog } from '../api/types.ts'
import { cn } from '../components/class-names.ts'
import { formatCount } from '../format/counts.ts'
import { meterName, unitOf } from '../format/names.ts'
import { type MeterLevel, meterLevel } from './meter-level.ts'

const colours: Record<MeterLevel['state'], string> = {
  unlimited: 'tg:bg-chart',
  none: 'tg:bg-destructive-fill',
  fine: 'tg:bg-chart',
  near: 'tg:bg-warning-fill',
  full: 'tg:bg-destructive-fill',
}

interface MeterBarProps {
  catalog: Catalog
  balance: Balance
  className?: string
}

/** Used, then reserved, of the limit. An unlimited meter has no end: its bar is tinted and empty. */
export function MeterBar({ catalog, balance, className }: MeterBarProps) {
  const { state, usedPercent, reservedPercent } = meterLevel(balance)
  return (
    <Progress.Root
      aria-label={`${meterName(catalog, balance.meter)} used`}
      value={usedPercent}
      getValueLabel={() => valueText(catalog, balance)}
      className={cn(
        'tg:flex tg:h-2 tg:w-full tg:overflow-hidden tg:rounded-full',
        state === 'unlimited' ? 'tg:bg-chart/20' : 'tg:bg-muted',
        className,
      )}
    >
      <Progress.Indicator
        className={cn('tg:h-full tg:rounded-full tg:transition-[width]', colours[state])}
        style={{ width: `${usedPercent}%` }}
      />
      {reservedPercent > 0 && (
        <div
          className={cn('tg:h-full tg:opacity-40', colours[state])}
          style={{ width: `${reservedPercent}%` }}
        />
      )}
    </Progress.Root>
  )
}

function valueText(catalog: Catalog, { meter, used, limit, unlimited }: Balance): string {
  const whole = unlimited ? 'unlimited' : formatCount(limit)
  return `${formatCount(used)} of ${whole} ${unitOf(catalog, meter, unlimited ? used : limit)}`
}
