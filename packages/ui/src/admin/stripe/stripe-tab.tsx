import { InboxSection } from './inbox-section.tsx'
import { ReconcileSection } from './reconcile-section.tsx'

/** Whether our rows are Stripe's, and the events that Stripe sent. */
export function StripeTab() {
  return (
    <div className="grid gap-10">
      <ReconcileSection />
      <InboxSection />
    </div>
  )
}
