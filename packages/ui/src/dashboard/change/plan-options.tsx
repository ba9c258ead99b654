import { RadioGroup } from 'radix-ui'
import { formatInterval, formatPrice } from '../../format/money.ts'
import type { Offer } from '../offers/offers-at.ts'
import { keyOf } from './offers-for.ts'

interface PlanOptionsProps {
  offers: readonly Offer[]
  /** The key of an offer. */
  value: string | null
  onChange: (key: string) => void
}

/** The plans to change to. A long list scrolls by itself, so that the preview below it stays visible. */
export function PlanOptions({ offers, value, onChange }: PlanOptionsProps) {
  return (
    <RadioGroup.Root
      aria-label="Change to"
      value={value ?? ''}
      onValueChange={onChange}
      className="tg:-m-1 tg:grid tg:max-h-[35vh] tg:gap-2.5 tg:overflow-y-auto tg:p-1"
    >
      {offers.map((offer) => (
        <RadioGroup.Item
          key={keyOf(offer)}
          value={keyOf(offer)}
          aria-label={`${offer.name}, ${formatPrice(offer.unitAmount, offer.currency)} ${formatInterval(offer.interval)}`}
          className="tg:flex tg:w-full tg:cursor-pointer tg:items-center tg:gap-3.5 tg:rounded-lg tg:border tg:border-border tg:bg-card tg:px-4 tg:py-3 tg:text-left tg:outline-none tg:transition-colors tg:hover:bg-muted/60 tg:focus-visible:ring-2 tg:focus-visible:ring-ring tg:data-[state=checked]:border-accent tg:data-[state=checked]:bg-accent/6"
        >
          <span
            aria-hidden
            className="tg:grid tg:size-4 tg:shrink-0 tg:place-items-center tg:rounded-full tg:border tg:border-input"
          >
            <RadioGroup.Indicator className="tg:size-2 tg:rounded-full tg:bg-accent" />
          </span>
          <span className="tg:flex tg:min-w-0 tg:flex-1 tg:flex-wrap tg:items-center tg:justify-between tg:gap-x-4 tg:gap-y-1">
            <span className="tg:min-w-0 tg:flex-[1_1_--spacing(40)]">
              <span className="tg:wrap-anywhere tg:block tg:font-medium tg:text-sm">
                {offer.name}
              </span>
              <span className="tg:wrap-break-word tg:block tg:text-muted-foreground tg:text-xs">
                {offer.description}
              </span>
            </span>
            <span className="tg:text-sm tg:tabular-nums">
              {formatPrice(offer.unitAmount, offer.currency)}{' '}
              <span className="tg:text-muted-foreground">{formatInterval(offer.interval)}</span>
            </span>
          </span>
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  )
}
