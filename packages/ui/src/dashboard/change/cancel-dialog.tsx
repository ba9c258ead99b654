import { trpc } from '../../api/trpc.ts'
import type { Subscription } from '../../api/types.ts'
import { Button } from '../../components/button.tsx'
import { Dialog, DialogActions, DialogClose } from '../../components/dialog.tsx'
import { ErrorNotice } from '../../components/notice.tsx'
import { formatDay } from '../../format/dates.ts'
import { isRunning } from '../subscription-status.ts'
import { useShowSubscription } from './use-change-plan.ts'

interface CancelDialogProps {
  open: boolean
  subscription: Subscription
  onClose: () => void
}

/** Asks before it cancels a subscription, and says what that means. */
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
      description={consequence(subscription)}
    >
      {cancel.error && (
        <ErrorNotice
          error={cancel.error}
          what="Your subscription was not cancelled"
          className="tg:mb-4"
        />
      )}
      <DialogActions>
        <DialogClose asChild>
          <Button variant="outline">Keep it</Button>
        </DialogClose>
        <Button variant="destructive" pending={cancel.isPending} onClick={() => cancel.mutate({})}>
          Cancel at the end of the period
        </Button>
      </DialogActions>
    </Dialog>
  )
}

function consequence(subscription: Subscription): string {
  const day = formatDay(subscription.currentPeriodEnd)
  return isRunning(subscription)
    ? `You keep it and its quota until ${day}, and can resume it until then. Nothing is charged after that.`
    : `It ends on ${day}, and you can resume it until then. What is due already stays due.`
}
