import { LoaderCircle } from 'lucide-react'
import type { Subscription } from '../api/types.ts'
import { useCatalog } from '../api/use-catalog.ts'
import { Button } from '../components/button.tsx'
import { ErrorNotice, Notice } from '../components/notice.tsx'
import { planName } from '../format/names.ts'
import { isRunning } from './subscription-status.ts'
import type { StripeReturn } from './use-stripe-return.ts'

/** The result of the visit to Stripe from which the customer came back to this page. */
export function ReturnNotice({ from }: { from: StripeReturn }) {
  const { returned, sync, retry, dismiss } = from
  if (returned === 'canceled') {
    return (
      <Notice tone="neutral" title="Checkout was canceled" onDismiss={dismiss}>
        Nothing was charged.
      </Notice>
    )
  }
  if (sync.error) {
    return (
      <ErrorNotice
        error={sync.error}
        what={
          returned === 'success' || returned === 'pack'
            ? 'Your payment could not be confirmed yet. Please don’t pay again'
            : 'The latest state could not be fetched from Stripe'
        }
        onRetry={retry}
        retrying={sync.isPending}
      />
    )
  }
  if (returned !== 'success' && returned !== 'pack') return null
  if (!sync.isSuccess) return <Confirming />
  if (returned === 'pack') return <PackOutcome onDismiss={dismiss} />
  return <Outcome subscription={sync.data} onRetry={retry} onDismiss={dismiss} />
}

function Confirming() {
  return (
    <div
      role="status"
      className="tg:flex tg:items-center tg:gap-3 tg:rounded-lg tg:border tg:border-border tg:bg-card tg:p-4 tg:text-sm"
    >
      <LoaderCircle aria-hidden className="tg:size-4 tg:text-accent tg:motion-safe:animate-spin" />
      Confirming your payment with Stripe…
    </div>
  )
}

/** A payment may take days. So it says when the credits come, and not that they are here. */
function PackOutcome({ onDismiss }: { onDismiss: () => void }) {
  return (
    <Notice tone="success" title="Thank you for your purchase" onDismiss={onDismiss}>
      Its credits are below as soon as Stripe confirms the payment. Most payments are confirmed at
      once.
    </Notice>
  )
}

interface OutcomeProps {
  subscription: Subscription | null
  onRetry: () => void
  onDismiss: () => void
}

function Outcome({ subscription, onRetry, onDismiss }: OutcomeProps) {
  const catalog = useCatalog()
  if (subscription && isRunning(subscription)) {
    const known = catalog.data && subscription.plan
    const plan = known ? `${planName(catalog.data, subscription.plan)} plan` : 'plan'
    return (
      <Notice tone="success" title={`Your ${plan} is active`} onDismiss={onDismiss}>
        Thank you. Its quota is available now.
      </Notice>
    )
  }
  const refresh = (
    <Button variant="outline" size="small" onClick={onRetry}>
      Check again
    </Button>
  )
  return (
    <Notice
      tone="warning"
      title="Your payment is not confirmed yet"
      actions={refresh}
      onDismiss={onDismiss}
    >
      Some payments take a moment. Nothing is lost: your plan starts as soon as Stripe confirms it.
      If you have not paid, close this to choose a plan.
    </Notice>
  )
}
