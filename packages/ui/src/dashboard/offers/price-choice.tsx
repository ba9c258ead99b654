import type { PlanOffer } from '../../api/types.ts'
import { Segments, Select } from '../../components/field.tsx'
import type { Interval } from './offers-at.ts'
import { currenciesOf, intervalsOf } from './offers-at.ts'

const names: Record<Interval, string> = { month: 'Monthly', year: 'Yearly' }

interface PriceChoiceProps {
  offers: readonly PlanOffer[]
  interval: Interval
  currency: string
  onInterval: (interval: Interval) => void
  onCurrency: (currency: string) => void
}

/** How often to pay and in which currency, where there is a choice. */
export function PriceChoice({ offers, interval, currency, ...on }: PriceChoiceProps) {
  const [intervals, currencies] = [intervalsOf(offers), currenciesOf(offers)]
  if (intervals.length < 2 && currencies.length < 2) return null
  return (
    <div className="tg:mb-5 tg:flex tg:flex-wrap tg:items-center tg:gap-3">
      {intervals.length > 1 && (
        <Segments
          label="How often to pay"
          value={interval}
          options={intervals.map((value) => ({ value, name: names[value] }))}
          onChange={on.onInterval}
        />
      )}
      {currencies.length > 1 && (
        <Select
          label="Currency"
          value={currency}
          options={currencies.map((value) => ({ value, name: value.toUpperCase() }))}
          onChange={on.onCurrency}
        />
      )}
    </div>
  )
}
