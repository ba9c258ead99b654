import { ArrowUpRight } from 'lucide-react'
import { useEffect, useState } from 'react'
import { trpc } from '../../api/trpc.ts'
import type { Subscription } from '../../api/types.ts'
import { Button } from '../../components/button.tsx'
import { DialogActions } from '../../components/dialog.tsx'
import { ErrorNotice, Notice } from '../../components/notice.tsx'
import { useShowSubscription } from './use-change-plan.ts'

interface ConfirmWithBankProps {
  /** Where the holder of the card confirms, at Stripe. */
  url: string
  /** As it is shown now. */
  subscription: Subscription
  /** What waits for the confirmation. */
  target: { plan: string; interval?: string | undefined }
  onConfirmed: (subscription: Subscription) => void
}

/** The bank asks the card's holder to confirm, in another tab. Nothing changes until then. */
export function ConfirmWithBank(props: ConfirmWithBankProps) {
  const { url, subscription, target, onConfirmed } = props
  const [waiting, setWaiting] = useState(false)
  const show = useShowSubscription()
  const sync = trpc.billing.sync.useMutation({
    onSuccess: async (synced) => {
      await show(synced)
      setWaiting(synced === null || !isOn(synced, target))
    },
  })
  const confirmed = isOn(subscription, target)
  // Also without a click: coming back to this tab fetches the subscription again.
  useEffect(() => {
    if (confirmed) onConfirmed(subscription)
  }, [confirmed, subscription, onConfirmed])
  return (
    <>
      <Notice tone="accent" title="Your bank wants you to confirm this payment">
        Your plan and its price stay as they are until you do.
      </Notice>
      {waiting && (
        <Notice tone="warning" title="Not confirmed yet" className="tg:mt-4">
          Stripe has not received the confirmation. It can take a moment.
        </Notice>
      )}
      {sync.error && (
        <ErrorNotice error={sync.error} what="It could not be checked" className="tg:mt-4" />
      )}
      <DialogActions>
        <Button variant="outline" pending={sync.isPending} onClick={() => sync.mutate({})}>
          I have confirmed it
        </Button>
        <Button asChild>
          <a href={url} target="_blank" rel="noopener noreferrer">
            Confirm with your bank
            <ArrowUpRight aria-hidden />
          </a>
        </Button>
      </DialogActions>
    </>
  )
}

function isOn({ plan, price }: Subscription, target: ConfirmWithBankProps['target']): boolean {
  return plan === target.plan && price.interval === (target.interval ?? price.interval)
}
