import { trpc } from '../../api/trpc.ts'
import type { Subscription } from '../../api/types.ts'
import { Button } from '../../components/button.tsx'
import { Dialog, DialogClose } from '../../components/dialog.tsx'
import { ErrorNotice } from '../../components/notice.tsx'
import { formatDay } from '../../format/dates.ts'
import { useShowSubscription } from './use-change-plan.ts'

interface CancelDialogProps {
  open: boolean
  subscription: Subscription
  onClose: () => void
}

/** Asks before a subscription is cancelled, and says what that means. */
export function CancelDialog({ open, subscription, onClose }: CancelDialogProps) {
  const show = useShowSubscription()
  const cancel = trpc.billing.cancel.useMutation({
    onSuccess: async (canceled) => {
      await show(canceled)
      close()
    },
  })
  const close = () => {
    cancel.reset()
    onClose()
  }
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && close()}
      title="Cancel your subscription?"
      description={`You keep it until ${formatDay(subscription.currentPeriodEnd)}, and can resume it until then. After that nothing is charged, and there is no quota.`}
    >
      {cancel.error && (
        <ErrorNotice
          error={cancel.error}
          what="Your subscription was not cancelled"
          className="mb-4"
        />
      )}
      <div className="flex flex-wrap justify-end gap-3 pt-2">
        <DialogClose asChild>
          <Button variant="outline">Keep it</Button>
        </DialogClose>
        <Button variant="destructive" pending={cancel.isPending} onClick={() => cancel.mutate({})}>
          Cancel at the end of the period
        </Button>
      </div>
    </Dialog>
  )
}
