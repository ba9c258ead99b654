import { ArrowUpRight } from 'lucide-react'
import { useState } from 'react'
import type { Subscription } from '../../api/types.ts'
import { Button } from '../../components/button.tsx'
import { isRunning } from '../subscription-status.ts'
import { CancelDialog } from './cancel-dialog.tsx'
import { ChangePlanDialog } from './change-plan-dialog.tsx'

interface PlanActionsProps {
  subscription: Subscription
  /** A plan that starts now has begun. */
  onChanged: (subscription: Subscription) => void
  /** To Stripe's portal. */
  onManage: () => void
  /** The portal is being opened. */
  opening: boolean
}

/** What a customer can do about the plan: change it, cancel it, and all else in Stripe's portal. */
export function PlanActions({ subscription, onChanged, onManage, opening }: PlanActionsProps) {
  const [asked, setAsked] = useState<'change' | 'cancel' | null>(null)
  const close = () => setAsked(null)
  const { status, plan, cancelAt } = subscription
  const runs = isRunning(subscription)
  return (
    <div className="flex flex-wrap gap-3 max-sm:w-full max-sm:*:flex-1">
      {runs && plan && !cancelAt && <Button onClick={() => setAsked('change')}>Change plan</Button>}
      <Button variant={runs ? 'outline' : 'primary'} pending={opening} onClick={onManage}>
        Manage billing
        {!opening && <ArrowUpRight aria-hidden />}
      </Button>
      {status !== 'incomplete' && !cancelAt && (
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
