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
        <PlanAndUsage
          confirming={stripeReturn.returned === 'success' && stripeReturn.sync.isPending}
        />
        <InvoicesSection />
      </div>
    </div>
  )
}

/** `confirming`: a checkout has just been paid, so that "no plan" is not yet the last word. */
function PlanAndUsage({ confirming }: { confirming: boolean }) {
  const subscription = trpc.billing.subscription.useQuery()
  const { data } = subscription
  const hasNone = data === null && !confirming
  return (
    <>
      {data ? (
        <CurrentPlan subscription={data} />
      ) : hasNone ? (
        <PlanPicker />
      ) : subscription.error ? (
        <ErrorNotice
          error={subscription.error}
          what="Your plan could not be loaded"
          onRetry={() => void subscription.refetch()}
          retrying={subscription.isFetching}
        />
      ) : (
        <PlanSkeleton />
      )}
      <UsageSection onlyIfUsed={hasNone} />
    </>
  )
}
