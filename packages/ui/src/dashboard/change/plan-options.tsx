import { RadioGroup } from 'radix-ui'
import type { PlanId, PlanOffer } from '../../api/types.ts'
import { formatPrice } from '../../format/money.ts'

interface PlanOptionsProps {
  offers: readonly PlanOffer[]
  value: PlanId | null
  onChange: (plan: PlanId) => void
}

/** The plans to change to, one of which can be picked. */
export function PlanOptions({ offers, value, onChange }: PlanOptionsProps) {
  const choose = (chosen: string) => {
    const offer = offers.find(({ id }) => id === chosen)
    if (offer) onChange(offer.id)
  }
  return (
    <RadioGroup.Root aria-label="Change to" value={value ?? ''} onValueChange={choose}>
      <div className="grid gap-2.5">
        {offers.map((offer) => (
          <RadioGroup.Item
            key={offer.id}
            value={offer.id}
            aria-label={`${offer.name}, ${formatPrice(offer.unitAmount, offer.currency)} per ${offer.interval}`}
            className="flex w-full cursor-pointer items-center gap-3.5 rounded-lg border border-border bg-card px-4 py-3 text-left outline-none transition-colors hover:bg-muted/60 focus-visible:ring-2 focus-visible:ring-ring data-[state=checked]:border-accent data-[state=checked]:bg-accent/6"
          >
            <span
              aria-hidden
              className="grid size-4 shrink-0 place-items-center rounded-full border border-input"
            >
              <RadioGroup.Indicator className="size-2 rounded-full bg-accent" />
            </span>
            <span className="min-w-0 flex-1">
              <span className="block font-medium text-sm">{offer.name}</span>
              <span className="block text-muted-foreground text-xs">{offer.description}</span>
            </span>
            <span className="shrink-0 text-sm tabular-nums">
              {formatPrice(offer.unitAmount, offer.currency)}
              <span className="text-muted-foreground"> / {offer.interval}</span>
            </span>
          </RadioGroup.Item>
        ))}
      </div>
    </RadioGroup.Root>
  )
}
