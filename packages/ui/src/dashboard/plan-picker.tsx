import { isTemporary } from '../api/errors.ts'
import { trpc } from '../api/trpc.ts'
import type { PlanOffer } from '../api/types.ts'
import { leaveFor, returnUrl, useRedirecting } from '../api/use-redirect.ts'
import { Section } from '../components/card.tsx'
import { ErrorNotice } from '../components/notice.tsx'
import { Loading } from '../components/skeleton.tsx'
import { OfferCard, OfferSkeleton } from './offer-card.tsx'

const GRID = 'grid gap-5 md:grid-cols-3'

/** The plans on offer; choosing one leaves for Stripe's checkout. */
export function PlanPicker() {
  const plans = trpc.billing.plans.useQuery(undefined, { staleTime: 60_000 })
  return (
    <Section
      title="Choose a plan"
      hint="Paid monthly through Stripe. Change or cancel whenever you like."
    >
      {plans.data ? (
        <Offers offers={plans.data} />
      ) : plans.error ? (
        <ErrorNotice
          error={plans.error}
          what="The plans could not be loaded"
          onRetry={() => void plans.refetch()}
          retrying={plans.isFetching}
        />
      ) : (
        <div className={GRID}>
          <Loading what="plans" />
          {[1, 2, 3].map((card) => (
            <OfferSkeleton key={card} />
          ))}
        </div>
      )}
    </Section>
  )
}

function Offers({ offers }: { offers: PlanOffer[] }) {
  const utils = trpc.useUtils()
  const checkout = trpc.billing.checkout.useMutation({
    onSuccess: leaveFor,
    onError: async ({ data }) => {
      // Bought in another tab: shows it, instead of plans that can't be chosen.
      if (data?.errorCode === 'ALREADY_SUBSCRIBED') await utils.billing.invalidate()
    },
  })
  const opening = useRedirecting(checkout)
  const choose = (plan: PlanOffer['id']) =>
    checkout.mutate({
      plan,
      successUrl: returnUrl('checkout', 'success'),
      cancelUrl: returnUrl('checkout', 'canceled'),
    })
  const chosen = checkout.variables?.plan
  return (
    <>
      {checkout.error && (
        <ErrorNotice
          error={checkout.error}
          what="Checkout could not be opened"
          className="mb-5"
          {...(chosen && isTemporary(checkout.error) && { onRetry: () => choose(chosen) })}
        />
      )}
      <div className={GRID}>
        {offers.map((offer) => (
          <OfferCard
            key={offer.id}
            offer={offer}
            onChoose={() => choose(offer.id)}
            opening={opening && chosen === offer.id}
            disabled={opening && chosen !== offer.id}
          />
        ))}
      </div>
    </>
  )
}
