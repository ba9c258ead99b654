import { Check } from 'lucide-react'
import { useId } from 'react'
import type { Meter, PlanOffer } from '../api/types.ts'
import { Button } from '../components/button.tsx'
import { Card } from '../components/card.tsx'
import { Skeleton } from '../components/skeleton.tsx'
import { formatCount } from '../format/counts.ts'
import { formatPrice } from '../format/money.ts'
import { keysOf, meterNames } from '../format/names.ts'

interface OfferCardProps {
  offer: PlanOffer
  onChoose: () => void
  /** Its checkout is being opened. */
  opening: boolean
  /** Another one's is. */
  disabled: boolean
}

/** A plan on offer: what it costs, what it gives, and the way to get it. */
export function OfferCard({ offer, onChoose, opening, disabled }: OfferCardProps) {
  const id = useId()
  const { name, description, unitAmount, currency, interval, trialDays } = offer
  return (
    <Card className="flex flex-col p-6 transition-shadow focus-within:shadow-md hover:shadow-md">
      <h3 id={id} className="font-semibold">
        {name}
      </h3>
      <p className="mt-1 text-muted-foreground text-sm md:max-lg:min-h-10">{description}</p>
      <p className="mt-5 flex items-baseline gap-1.5">
        <span className="font-semibold text-4xl tabular-nums tracking-tight">
          {formatPrice(unitAmount, currency)}
        </span>
        <span className="text-muted-foreground text-sm">per {interval}</span>
      </p>
      {trialDays > 0 && <p className="mt-1 text-accent text-sm">{trialDays} days free</p>}
      <ul aria-label={`${name} includes, each month`} className="mt-6 mb-8 grid gap-2.5 text-sm">
        {keysOf(offer.limits).map((meter) => (
          <LimitLine key={meter} offer={offer} meter={meter} />
        ))}
      </ul>
      <Button
        aria-label={`Choose ${name}`}
        className="mt-auto w-full"
        size="large"
        variant="soft"
        pending={opening}
        disabled={disabled}
        onClick={onChoose}
      >
        {opening ? 'Opening checkout…' : `Choose ${name}`}
      </Button>
    </Card>
  )
}

function LimitLine({ offer, meter }: { offer: PlanOffer; meter: Meter }) {
  const { unit } = meterNames[meter]
  return (
    <li className="flex items-center gap-2.5">
      <Check aria-hidden className="size-4 shrink-0 text-accent" />
      <span>
        <span className="font-medium tabular-nums">
          {offer.unlimited[meter] ? 'Unlimited' : formatCount(offer.limits[meter])}
        </span>{' '}
        {unit}
      </span>
    </li>
  )
}

/** An offer's place while the offers load. */
export function OfferSkeleton() {
  return (
    <Card className="p-6">
      <Skeleton className="h-6 w-24" />
      <Skeleton className="mt-2 h-4 w-44 max-w-full" />
      <Skeleton className="mt-6 h-9 w-28" />
      <Skeleton className="mt-7 h-4 w-36" />
      <Skeleton className="mt-3.5 h-4 w-36" />
      <Skeleton className="mt-3.5 h-4 w-36" />
      <Skeleton className="mt-9 h-11 w-full" />
    </Card>
  )
}
