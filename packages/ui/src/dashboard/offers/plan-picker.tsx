import { useState } from 'react'
import { isTemporary } from '../../api/errors.ts'
import { trpc } from '../../api/trpc.ts'
import type { Catalog, PlanOffer } from '../../api/types.ts'
import { useCatalog } from '../../api/use-catalog.ts'
import { leaveFor, returnUrl, useRedirecting } from '../../api/use-redirect.ts'
import { Section } from '../../components/card.tsx'
import { ErrorNotice } from '../../components/notice.tsx'
import { Loading } from '../../components/skeleton.tsx'
import { OfferCard, OfferSkeleton } from './offer-card.tsx'
import type { Interval, Offer } from './offers-at.ts'
import { currenciesOf, intervalsOf, offersAt } from './offers-at.ts'
import { PriceChoice } from './price-choice.tsx'

/** As many columns as there is room for, and no more than there are plans. */
const GRID = 'tg:grid tg:grid-cols-[repeat(auto-fit,minmax(min(100%,--spacing(56)),1fr))] tg:gap-5'

/** The plans on offer. A choice opens Stripe's checkout. */
export function PlanPicker() {
  const catalog = useCatalog()
  const plans = trpc.billing.plans.useQuery(undefined, { staleTime: 60_000 })
  const error = plans.error ?? catalog.error
  return (
    <Section
      title="Choose a plan"
      hint="Paid through Stripe. You can change or cancel at any time."
    >
      {plans.data && catalog.data ? (
        <Offers catalog={catalog.data} offers={plans.data} />
      ) : error ? (
        <ErrorNotice
          error={error}
          what="The plans could not be loaded"
          onRetry={() => void (plans.error ? plans.refetch() : catalog.refetch())}
          retrying={plans.isFetching || catalog.isFetching}
        />
      ) : (
        <div className={GRID}>
          <Loading what="plans" />
          <OfferSkeleton />
        </div>
      )}
    </Section>
  )
}

function Offers({ catalog, offers }: { catalog: Catalog; offers: PlanOffer[] }) {
  const utils = trpc.useUtils()
  const checkout = trpc.billing.checkout.useMutation({
    onSuccess: leaveFor,
    onError: async ({ data }) => {
      // Subscribed in another tab: shows that plan instead.
      if (data?.errorCode === 'ALREADY_SUBSCRIBED') await utils.billing.invalidate()
    },
  })
  const opening = useRedirecting(checkout)
  const [interval, setInterval] = useState<Interval>(intervalsOf(offers)[0] ?? 'month')
  // Until it is chosen, Stripe decides: whoever paid in a currency before goes on in that.
  const [currency, setCurrency] = useState<string>()
  const shown = currency ?? currenciesOf(offers)[0] ?? ''
  const choose = (offer: Pick<Offer, 'id' | 'interval'>) =>
    checkout.mutate({
      plan: offer.id,
      interval: offer.interval,
      currency,
      successUrl: returnUrl('checkout', 'success'),
      cancelUrl: returnUrl('checkout', 'canceled'),
    })
  const { plan: chosen, interval: by } = checkout.variables ?? {}
  if (offers.length === 0) {
    return <p className="tg:text-muted-foreground">No plan is on offer at the moment.</p>
  }
  return (
    <>
      {checkout.error && (
        <ErrorNotice
          error={checkout.error}
          what="Checkout could not be opened"
          className="tg:mb-5"
          {...(chosen &&
            by &&
            isTemporary(checkout.error) && { onRetry: () => choose({ id: chosen, interval: by }) })}
        />
      )}
      <PriceChoice
        offers={offers}
        interval={interval}
        currency={shown}
        onInterval={setInterval}
        onCurrency={setCurrency}
      />
      <div className={GRID}>
        {offersAt(offers, { interval, currency: shown }).map((offer) => (
          <OfferCard
            key={offer.id}
            catalog={catalog}
            offer={offer}
            onChoose={() => choose(offer)}
            opening={opening && chosen === offer.id}
            disabled={opening && chosen !== offer.id}
          />
        ))}
      </div>
    </>
  )
}
