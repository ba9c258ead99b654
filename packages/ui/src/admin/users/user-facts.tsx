import type { ReactNode } from 'react'
import type { Catalog, Subscription, UserDetails } from '../../api/types.ts'
import { CopyButton } from '../../components/copy-button.tsx'
import { Notice } from '../../components/notice.tsx'
import { nextStep } from '../../dashboard/subscription-status.ts'
import { formatDay, formatInstant } from '../../format/dates.ts'
import { freePlanName, planName } from '../../format/names.ts'
import { PanelSection } from './panel-section.tsx'
import { StatusBadge } from './user-columns.tsx'

const warnings: Record<UserDetails['warnings'][number], { title: string; message: string }> = {
  several_subscriptions: {
    title: 'Several running subscriptions',
    message: 'Only the one marked “Current” gives quota. Cancel the others at Stripe.',
  },
  collection_paused: {
    title: 'Collection is paused',
    message:
      'Stripe does not charge this customer. The quota stays until you change that at Stripe.',
  },
  dispute_open: {
    title: 'A payment is disputed',
    message: 'Answer the dispute in Stripe’s dashboard before it is due.',
  },
  dispute_lost: {
    title: 'A payment was lost to a dispute',
    message:
      'It counts as not paid: the subscription gives quota until its grace ends, or a later invoice is paid.',
  },
  uncollectible: {
    title: 'An invoice was given up as uncollectible',
    message: 'Stripe does not try to collect it any more.',
  },
  unknown_price: {
    title: 'A price without a plan',
    message:
      'It gives no quota. Assign the price to a plan, or move the subscription to a price that has one.',
  },
}

/** Who the customer is, and the current subscription. */
export function UserFacts({ catalog, user }: { catalog: Catalog; user: UserDetails }) {
  const { subscription } = user
  return (
    <PanelSection title="Subscription">
      {user.warnings.map((warning) => (
        <Notice key={warning} tone="warning" title={warnings[warning].title} className="tg:mb-4">
          {warnings[warning].message}
        </Notice>
      ))}
      <dl className="tg:grid tg:gap-x-6 tg:gap-y-2.5 tg:text-sm tg:sm:grid-cols-[--spacing(36)_minmax(0,1fr)]">
        {subscription ? (
          <SubscriptionFacts catalog={catalog} subscription={subscription} />
        ) : (
          <Fact name="Plan">{freePlanName(catalog) ?? 'None'}</Fact>
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
          {user.kind === 'account' ? 'Sign-in account' : 'Created by an app with an API key'}
        </Fact>
        <Fact name="Since">
          <time dateTime={user.createdAt}>{formatInstant(user.createdAt)}</time>
        </Fact>
      </dl>
    </PanelSection>
  )
}

interface SubscriptionFactsProps {
  catalog: Catalog
  subscription: Subscription
}

function SubscriptionFacts({ catalog, subscription }: SubscriptionFactsProps) {
  const { plan, status, graceEndsAt, currentPeriodStart, currentPeriodEnd } = subscription
  const next = nextStep(catalog, subscription)
  return (
    <>
      <Fact name="Plan">
        <span className="tg:wrap-anywhere tg:mr-2.5 tg:font-medium">{planName(catalog, plan)}</span>
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
    <div className="tg:contents">
      <dt className="tg:text-muted-foreground tg:max-sm:-mb-2 tg:max-sm:text-xs">{name}</dt>
      <dd className="tg:min-w-0">{children}</dd>
    </div>
  )
}

function Code({ text, label }: { text: string; label: string }) {
  return (
    <span className="tg:-my-1 tg:flex tg:items-center tg:gap-1.5">
      <code className="tg:min-w-0 tg:truncate tg:font-mono tg:text-xs">{text}</code>
      <CopyButton text={text} label={label} />
    </span>
  )
}
