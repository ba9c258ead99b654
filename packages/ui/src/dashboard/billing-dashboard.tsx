import { EnsureProvider } from '../api/provider.tsx'
import { trpc } from '../api/trpc.ts'
import { ErrorNotice } from '../components/notice.tsx'
import { CurrentPlan, PlanSkeleton } from './current-plan.tsx'
import { InvoicesSection } from './invoices-section.tsx'
import { PlanPicker } from './plan-picker.tsx'
import { ReturnNotice } from './return-notice.tsx'
import { UsageSection } from './usage-section.tsx'
import { useStripeReturn } from './use-stripe-return.ts'

interface BillingDashboardProps {
  /** Origin of the Tollgate server; '' where the page comes from it. */
  apiUrl: string
}

/**
 * A customer's own billing page: choose a plan, see usage and invoices, go to Stripe's checkout and portal.
 * Wants a signed-in user: put it inside an AuthGuard.
 */
export function BillingDashboard({ apiUrl }: BillingDashboardProps) {
  return (
    <EnsureProvider apiUrl={apiUrl}>
      <Dashboard />
    </EnsureProvider>
  )
}

function Dashboard() {
  const stripeReturn = useStripeReturn()
  return (
    <div className="text-foreground">
      <h1 className="font-semibold text-2xl tracking-tight sm:text-3xl">Billing</h1>
      <p className="mt-1.5 text-muted-foreground">Your plan, usage and invoices.</p>
      <div className="mt-8 grid grid-cols-1 gap-12">
        <ReturnNotice from={stripeReturn} />
        {stripeReturn.syncing ? (
          <PlanSkeleton />
        ) : (
          <Sections paid={stripeReturn.returned === 'success'} />
        )}
      </div>
    </div>
  )
}

/** `paid`: a checkout was just completed. */
function Sections({ paid }: { paid: boolean }) {
  const subscription = trpc.billing.subscription.useQuery()
  return (
    <>
      <Plan paid={paid} />
      <UsageSection onlyIfUsed={subscription.data === null} />
      <InvoicesSection />
    </>
  )
}

/** The plan that there is, or else the plans on offer. */
function Plan({ paid }: { paid: boolean }) {
  const { data, error, isFetching, refetch } = trpc.billing.subscription.useQuery()
  if (data) return <CurrentPlan subscription={data} />
  // Who has just paid is not led to pay again, though the plan is not here yet.
  if (data === null) return paid ? null : <PlanPicker />
  if (!error) return <PlanSkeleton />
  return (
    <ErrorNotice
      error={error}
      what="Your plan could not be loaded"
      onRetry={() => void refetch()}
      retrying={isFetching}
    />
  )
}
