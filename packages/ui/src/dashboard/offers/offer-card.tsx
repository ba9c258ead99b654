import { Check, Minus } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import type { Catalog } from '../../api/types.ts'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { cn } from '../../components/class-names.ts'
import { Skeleton } from '../../components/skeleton.tsx'
import { formatCount } from '../../format/counts.ts'
import { formatInterval, formatPrice } from '../../format/money.ts'
import { unitOf } from '../../format/names.ts'
import type { Offer } from './offers-at.ts'

type Meter = Catalog['meters'][number]

interface OfferCardProps {
  catalog: Catalog
  offer: Offer
  onChoose: () => void
  /** Its checkout is being opened. */
  opening: boolean
  /** Another plan's checkout is being opened. */
  disabled: boolean
}

/** A plan on offer: what it costs, what it gives, and a button that buys it. */
export function OfferCard({ catalog, offer, onChoose, opening, disabled }: OfferCardProps) {
  const id = useId()
  const { name, description, interval, trialDays } = offer
  const price = formatPrice(offer.unitAmount, offer.currency)
  return (
    <Card className="tg:flex tg:w-full tg:flex-col tg:p-6 tg:transition-shadow tg:focus-within:shadow-md tg:only:max-w-112 tg:hover:shadow-md">
      <h3 id={id} className="tg:wrap-anywhere tg:font-semibold">
        {name}
      </h3>
      <p className="tg:wrap-break-word tg:mt-1 tg:text-muted-foreground tg:text-sm">
        {description}
      </p>
      <p className="tg:mt-5 tg:flex tg:flex-wrap tg:items-baseline tg:gap-x-1.5">
        <span
          className={cn(
            'tg:wrap-anywhere tg:font-semibold tg:tabular-nums tg:tracking-tight',
            price.length > 7 ? 'tg:text-xl' : 'tg:text-3xl tg:sm:text-4xl',
          )}
        >
          {price}
        </span>
        <span className="tg:text-muted-foreground tg:text-sm">{formatInterval(interval)}</span>
      </p>
      {trialDays > 0 && (
        <p className="tg:mt-1 tg:text-accent tg:text-sm">
          {trialDays === 1 ? '1 day' : `${trialDays} days`} free
        </p>
      )}
      <ul aria-label={`${name} includes`} className="tg:mt-6 tg:mb-8 tg:grid tg:gap-2.5 tg:text-sm">
        {catalog.meters.map((meter) => (
          <LimitLine key={meter.id} catalog={catalog} offer={offer} meter={meter} />
        ))}
        {catalog.features.map((feature) => (
          <FeatureLine
            key={feature.id}
            feature={feature}
            value={featureOf(catalog, offer, feature.id)}
          />
        ))}
      </ul>
      <Button
        aria-label={`Choose ${name}`}
        className="tg:mt-auto tg:w-full"
        size="large"
        variant="soft"
        wrap
        pending={opening}
        disabled={disabled}
        onClick={onChoose}
      >
        {opening ? 'Opening checkout…' : `Choose ${name}`}
      </Button>
    </Card>
  )
}

/** The period of a limit. */
const per: Record<Meter['resets'], string> = {
  month: 'a month',
  billing: 'a month',
  day: 'a day',
  hour: 'an hour',
  never: 'in total',
}

interface LimitLineProps {
  catalog: Catalog
  offer: Offer
  meter: Meter
}

function LimitLine({ catalog, offer, meter: { id, resets } }: LimitLineProps) {
  const limits: Record<string, number> = offer.limits
  const unlimited: Record<string, boolean> = offer.unlimited
  const limit = unlimited[id] ? Number.POSITIVE_INFINITY : (limits[id] ?? 0)
  const unit = unitOf(catalog, id, limit)
  if (limit === 0) return <Line included={false}>No {unit}</Line>
  return (
    <Line included>
      <span className="tg:font-medium tg:tabular-nums">
        {unlimited[id] ? 'Unlimited' : formatCount(limit)}
      </span>{' '}
      {unit}
      {!unlimited[id] && (
        <>
          {' '}
          <span className="tg:whitespace-nowrap tg:text-muted-foreground">{per[resets]}</span>
        </>
      )}
    </Line>
  )
}

interface FeatureLineProps {
  feature: Catalog['features'][number]
  value: boolean | number
}

function FeatureLine({ feature: { name }, value }: FeatureLineProps) {
  if (value === false || value === 0) return <Line included={false}>No {name}</Line>
  if (value === true) return <Line included>{name}</Line>
  return (
    <Line included>
      {name}: <span className="tg:font-medium tg:tabular-nums">{formatCount(value)}</span>
    </Line>
  )
}

/** What a plan gives of a feature. */
function featureOf({ plans }: Catalog, { id }: Offer, feature: string): boolean | number {
  const given = plans.find((plan) => plan.id === id)?.features ?? []
  return given.find((each) => each.feature === feature)?.value ?? false
}

function Line({ included, children }: { included: boolean; children: ReactNode }) {
  const Icon = included ? Check : Minus
  return (
    <li className={cn('tg:flex tg:gap-2.5', !included && 'tg:text-muted-foreground')}>
      <Icon
        aria-hidden
        className={cn('tg:mt-0.5 tg:size-4 tg:shrink-0', included && 'tg:text-accent')}
      />
      <span className="tg:wrap-anywhere tg:min-w-0">{children}</span>
    </li>
  )
}

/** Holds an offer's place while the offers load. */
export function OfferSkeleton() {
  return (
    <Card className="tg:p-6 tg:only-of-type:max-w-112">
      <Skeleton className="tg:h-6 tg:w-24" />
      <Skeleton className="tg:mt-2 tg:h-4 tg:w-44 tg:max-w-full" />
      <Skeleton className="tg:mt-6 tg:h-9 tg:w-28" />
      <Skeleton className="tg:mt-7 tg:h-4 tg:w-36" />
      <Skeleton className="tg:mt-3.5 tg:h-4 tg:w-36" />
      <Skeleton className="tg:mt-9 tg:h-11 tg:w-full" />
    </Card>
  )
}
