import { InboxSection } from './inbox-section.tsx'
import { ReconcileSection } from './reconcile-section.tsx'

/** Differences between our data and Stripe, and the events that Stripe sent. */
export function StripeTab() {
  return (
    <div className="tg:grid tg:gap-10">
      <ReconcileSection />
      <InboxSection />
    </div>
  )
}
