import { useState } from 'react'
import { trpc } from '../../api/trpc.ts'
import type { ChangePreview, Subscription } from '../../api/types.ts'
import { Button } from '../../components/button.tsx'
import { Dialog, DialogActions, DialogClose } from '../../components/dialog.tsx'
import { ErrorNotice } from '../../components/notice.tsx'
import { formatShortDay } from '../../format/dates.ts'
import { formatMoney } from '../../format/money.ts'
import type { Offer } from '../offers/offers-at.ts'
import { isLater, Preview, PreviewSkeleton } from './change-preview.tsx'
import { ConfirmWithBank } from './confirm-with-bank.tsx'
import { keyOf, offersFor } from './offers-for.ts'
import { PlanOptions } from './plan-options.tsx'
import { useChangePlan } from './use-change-plan.ts'

interface ChangePlanDialogProps {
  open: boolean
  subscription: Subscription
  onClose: () => void
  onChanged: (subscription: Subscription) => void
}

/** Picks another plan, shows what that costs, and changes to it. */
export function ChangePlanDialog({ open, onClose, ...rest }: ChangePlanDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title="Change plan"
      description="A more expensive plan starts now. A cheaper plan starts when this period ends, and so does a change from yearly to monthly."
    >
      {/* Mounted anew each time it opens, so that it never shows an old price. */}
      {open && <ChangePlan {...rest} />}
    </Dialog>
  )
}

function ChangePlan({ subscription, onChanged }: Omit<ChangePlanDialogProps, 'open' | 'onClose'>) {
  const [chosen, setChosen] = useState<string | null>(null)
  const offers = trpc.billing.plans.useQuery(undefined, { staleTime: 60_000 })
  const change = useChangePlan(onChanged)
  if (offers.error) return <ErrorNotice error={offers.error} what="The plans could not be loaded" />
  if (!offers.data) return <PreviewSkeleton />
  if (change.isSuccess && change.data.actionUrl) {
    return (
      <ConfirmWithBank
        url={change.data.actionUrl}
        subscription={subscription}
        target={change.variables}
        onConfirmed={onChanged}
      />
    )
  }
  const others = offersFor(subscription, offers.data)
  if (others.length === 0) {
    return (
      <p className="tg:text-muted-foreground tg:text-sm">There is no other plan to change to.</p>
    )
  }
  const target = others.find((offer) => keyOf(offer) === chosen)
  return (
    <>
      <PlanOptions
        offers={others}
        value={chosen}
        onChange={(next) => {
          change.reset()
          setChosen(next)
        }}
      />
      {target && <Confirmation key={keyOf(target)} target={target} change={change} />}
    </>
  )
}

interface ConfirmationProps {
  target: Offer
  change: ReturnType<typeof useChangePlan>
}

function Confirmation({ target, change }: ConfirmationProps) {
  const preview = trpc.billing.previewChange.useQuery(
    { plan: target.id, interval: target.interval },
    { gcTime: 0, refetchOnWindowFocus: false },
  )
  const confirm = ({ prorationDate }: ChangePreview) =>
    change.mutate(
      { plan: target.id, interval: target.interval, prorationDate },
      // The server refuses a preview that is too old, so get a new one.
      { onError: () => void preview.refetch() },
    )
  return (
    <div className="tg:mt-5">
      {change.error && (
        <ErrorNotice error={change.error} what="Your plan was not changed" className="tg:mb-4">
          {change.error.data?.errorCode === 'STRIPE_REJECTED' &&
            'To pay with another card, close this and open “Manage billing”.'}
        </ErrorNotice>
      )}
      {preview.error ? (
        <ErrorNotice
          error={preview.error}
          what="This change is not possible now"
          onRetry={() => void preview.refetch()}
          retrying={preview.isFetching}
        />
      ) : preview.data ? (
        <Preview preview={preview.data} target={target} />
      ) : (
        <PreviewSkeleton />
      )}
      <DialogActions>
        <DialogClose asChild>
          <Button variant="outline">Keep my plan</Button>
        </DialogClose>
        <Button
          wrap
          pending={change.isPending}
          disabled={!preview.data || preview.isFetching}
          onClick={() => preview.data && confirm(preview.data)}
        >
          {preview.data ? actionOf(preview.data, target) : `Change to ${target.name}`}
        </Button>
      </DialogActions>
    </div>
  )
}

function actionOf(preview: ChangePreview, { name }: Offer): string {
  if (isLater(preview)) return `Change to ${name} on ${formatShortDay(preview.effectiveAt)}`
  if (preview.dueNow <= 0) return `Change to ${name}`
  return `Pay ${formatMoney(preview.dueNow, preview.currency)} and change to ${name}`
}
