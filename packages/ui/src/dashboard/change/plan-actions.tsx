import { ArrowUpRight } from 'lucide-react'
import { useState } from 'react'
import type { Catalog, Subscription } from '../../api/types.ts'
import { Button } from '../../components/button.tsx'
import { endsWithPeriod, isRunning } from '../subscription-status.ts'
import { CancelDialog } from './cancel-dialog.tsx'
import { ChangePlanDialog } from './change-plan-dialog.tsx'

interface PlanActionsProps {
  catalog: Catalog
  subscription: Subscription
  /** The plan has changed, or will change later. */
  onChanged: (subscription: Subscription) => void
  /** To Stripe's portal. */
  onManage: () => void
  /** The portal is being opened. */
  opening: boolean
}

/** Buttons to change or cancel the plan, and to do anything else in Stripe's portal. */
export function PlanActions({ catalog, subscription, ...actions }: PlanActionsProps) {
  const { onChanged, onManage, opening } = actions
  const [asked, setAsked] = useState<'change' | 'cancel' | null>(null)
  const close = () => setAsked(null)
  const { status, plan, price, cancelAt } = subscription
  const runs = isRunning(subscription)
  const others = catalog.plans.some(
    ({ id, free, retired, prices }) =>
      !free &&
      !retired &&
      (id !== plan || prices.some(({ interval }) => interval !== price.interval)),
  )
  return (
    <div className="tg:flex tg:flex-wrap tg:gap-3 tg:max-sm:w-full tg:max-sm:*:flex-1">
      {runs && plan && others && !cancelAt && (
        <Button onClick={() => setAsked('change')}>Change plan</Button>
      )}
      <Button variant={runs ? 'outline' : 'primary'} pending={opening} onClick={onManage}>
        Manage billing
        {!opening && <ArrowUpRight aria-hidden />}
      </Button>
      {status !== 'incomplete' && !endsWithPeriod(subscription) && (
        <Button variant="ghost" onClick={() => setAsked('cancel')}>
          Cancel
        </Button>
      )}
      <ChangePlanDialog
        open={asked === 'change'}
        subscription={subscription}
        onClose={close}
        onChanged={(changed) => {
          close()
          onChanged(changed)
        }}
      />
      <CancelDialog open={asked === 'cancel'} subscription={subscription} onClose={close} />
    </div>
  )
}
