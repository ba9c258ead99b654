import type { ReactNode } from 'react'
import type { Subscription, UserDetails } from '../../api/types.ts'
import { CopyButton } from '../../components/copy-button.tsx'
import { Notice } from '../../components/notice.tsx'
import { nextStep } from '../../dashboard/subscription-status.ts'
import { formatDay, formatInstant } from '../../format/dates.ts'
import { planNames } from '../../format/names.ts'
import { PanelSection } from './panel-section.tsx'
import { StatusBadge } from './user-columns.tsx'

const warnings: Record<UserDetails['warnings'][number], { title: string; message: string }> = {
  several_subscriptions: {
    title: 'Several subscriptions run',
    message: 'Only the one marked “Counts” gives quota. Cancel the others at Stripe.',
  },
  unknown_price: {
    title: 'A price that belongs to no plan',
    message: 'It gives no quota. Give the price a plan, or move the subscription to a known price.',
  },
}

/** Who the customer is, and the subscription that counts. */
export function UserFacts({ user }: { user: UserDetails }) {
  const { subscription } = user
  return (
    <PanelSection title="Subscription">
      {user.warnings.map((warning) => (
        <Notice key={warning} tone="warning" title={warnings[warning].title} className="mb-4">
          {warnings[warning].message}
        </Notice>
      ))}
      <dl className="grid gap-x-6 gap-y-2.5 text-sm sm:grid-cols-[9rem_1fr]">
        {subscription ? (
          <SubscriptionFacts subscription={subscription} />
        ) : (
          <Fact name="Plan">None</Fact>
        )}
        <Fact name="User id">
          <Code text={user.userId} label="Copy user id" />
        </Fact>
        {user.stripeCustomerId && (
          <Fact name="Stripe customer">
            <Code text={user.stripeCustomerId} label="Copy Stripe customer id" />
          </Fact>
        )}
        <Fact name="Kind">
          {user.kind === 'account' ? 'Sign-in account' : 'Made by a sibling app'}
        </Fact>
        <Fact name="Since">
          <time dateTime={user.createdAt}>{formatInstant(user.createdAt)}</time>
        </Fact>
      </dl>
    </PanelSection>
  )
}

function SubscriptionFacts({ subscription }: { subscription: Subscription }) {
  const { plan, status, graceEndsAt, currentPeriodStart, currentPeriodEnd } = subscription
  const next = nextStep(subscription)
  return (
    <>
      <Fact name="Plan">
        <span className="mr-2.5 font-medium">{plan ? planNames[plan] : 'Unknown price'}</span>
        <StatusBadge status={status} />
      </Fact>
      <Fact name="Period">
        {formatDay(currentPeriodStart)} to {formatDay(currentPeriodEnd)}
      </Fact>
      {next && <Fact name="Next">{next.text}</Fact>}
      {graceEndsAt && <Fact name="Quota until">{formatInstant(graceEndsAt)}</Fact>}
      <Fact name="Subscription id">
        <Code text={subscription.id} label="Copy subscription id" />
      </Fact>
    </>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="contents">
      <dt className="text-muted-foreground max-sm:-mb-2 max-sm:text-xs">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  )
}

function Code({ text, label }: { text: string; label: string }) {
  return (
    <span className="-my-1 flex items-center gap-1.5">
      <code className="min-w-0 truncate font-mono text-xs">{text}</code>
      <CopyButton text={text} label={label} />
    </span>
  )
}
