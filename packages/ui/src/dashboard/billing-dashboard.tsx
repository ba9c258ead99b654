import { EnsureProvider } from '../api/provider.tsx'
import { trpc } from '../api/trpc.ts'
import { useCatalog } from '../api/use-catalog.ts'
import { useInBrowser } from '../api/use-in-browser.ts'
import { ErrorNotice } from '../components/notice.tsx'
import { Root } from '../components/root.tsx'
import { freePlanName } from '../format/names.ts'
import { CreditsSection } from './credits/credits-section.tsx'
import { CurrentPlan, FreePlan, PlanSkeleton } from './current-plan.tsx'
import { InvoicesSection } from './invoices-section.tsx'
import { PlanPicker } from './offers/plan-picker.tsx'
import { ReturnNotice } from './return-notice.tsx'
import { UsageSection } from './usage-section.tsx'
import { useStripeReturn } from './use-stripe-return.ts'

interface BillingDashboardProps {
  /** Origin of the Tollgate server; '' where the page comes from it. */
  apiUrl: string
}

/**
 * A customer's own billing page: choose a plan, see usage and invoices, go to Stripe's checkout and portal.
 * Needs a signed-in user: put it inside an AuthGuard.
 */
export function BillingDashboard({ apiUrl }: BillingDashboardProps) {
  return (
    <EnsureProvider apiUrl={apiUrl}>
      <Root>
        <Dashboard />
      </Root>
    </EnsureProvider>
  )
}

function Dashboard() {
  return (
    <>
      <h1 className="tg:font-semibold tg:text-2xl tg:tracking-tight tg:sm:text-3xl">Billing</h1>
      <p className="tg:mt-1.5 tg:text-muted-foreground">Your plan, usage and invoices.</p>
      <div className="tg:mt-8 tg:grid tg:grid-cols-1 tg:gap-12">
        {useInBrowser() ? <AfterStripe /> : <PlanSkeleton />}
      </div>
    </>
  )
}

/** The sections, after the result of the visit to Stripe that led here, if any. */
function AfterStripe() {
  const stripeReturn = useStripeReturn()
  return (
    <>
      <ReturnNotice from={stripeReturn} />
      {stripeReturn.syncing ? (
        <PlanSkeleton />
      ) : (
        <Sections paid={stripeReturn.returned === 'success'} />
      )}
    </>
  )
}

/** `paid`: a checkout was just completed. */
function Sections({ paid }: { paid: boolean }) {
  const subscription = trpc.billing.subscription.useQuery()
  const catalog = useCatalog()
  const hasFreePlan = catalog.data !== undefined && freePlanName(catalog.data) !== null
  return (
    <>
      <Plan paid={paid} />
      <UsageSection onlyIfUsed={subscription.data === null && !hasFreePlan} />
      <CreditsSection />
      <InvoicesSection />
    </>
  )
}

/** The customer's plan, or the plans to choose from. */
function Plan({ paid }: { paid: boolean }) {
  const catalog = useCatalog()
  const { data, error, isFetching, refetch } = trpc.billing.subscription.useQuery()
  if (data && catalog.data) return <CurrentPlan catalog={catalog.data} subscription={data} />
  // Who has just paid must not pay again, though the plan has not arrived yet.
  if (data === null) {
    if (paid) return null
    return (
      <>
        {catalog.data && <FreePlan catalog={catalog.data} />}
        <PlanPicker />
      </>
    )
  }
  const failed = error ?? catalog.error
  if (!failed) return <PlanSkeleton />
  return (
    <ErrorNotice
      error={failed}
      what="Your plan could not be loaded"
      onRetry={() => void (error ? refetch() : catalog.refetch())}
      retrying={isFetching || catalog.isFetching}
    />
  )
}
