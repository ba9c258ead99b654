import { ArrowUpRight } from 'lucide-react'
import { useState } from 'react'
import { trpc } from '../../api/trpc.ts'
import type { Subscription } from '../../api/types.ts'
import { Button } from '../../components/button.tsx'
import { ErrorNotice, Notice } from '../../components/notice.tsx'
import { useShowSubscription } from './use-change-plan.ts'

interface ConfirmWithBankProps {
  /** Where the holder of the card confirms, at Stripe. */
  url: string
  before: Subscription
  onConfirmed: (subscription: Subscription) => void
}

/** The bank asks the holder of the card: nothing changes until that is done, in another tab. */
export function ConfirmWithBank({ url, before, onConfirmed }: ConfirmWithBankProps) {
  const [waiting, setWaiting] = useState(false)
  const show = useShowSubscription()
  const sync = trpc.billing.sync.useMutation({
    onSuccess: async (subscription) => {
      await show(subscription)
      if (subscription && subscription.plan !== before.plan) onConfirmed(subscription)
      else setWaiting(true)
    },
  })
  return (
    <>
      <Notice tone="accent" title="Your bank wants you to confirm this payment">
        Your plan and its price stay as they are until you do.
      </Notice>
      {waiting && (
        <Notice tone="warning" title="Not confirmed yet" className="mt-4">
          Stripe has not received the confirmation. It can take a moment.
        </Notice>
      )}
      {sync.error && (
        <ErrorNotice error={sync.error} what="It could not be checked" className="mt-4" />
      )}
      <div className="mt-6 flex flex-wrap justify-end gap-3">
        <Button variant="outline" pending={sync.isPending} onClick={() => sync.mutate({})}>
          I have confirmed it
        </Button>
        <Button asChild>
          <a href={url} target="_blank" rel="noopener noreferrer">
            Confirm with your bank
            <ArrowUpRight aria-hidden />
          </a>
        </Button>
      </div>
    </>
  )
}
