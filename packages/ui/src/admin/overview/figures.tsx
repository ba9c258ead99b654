import type { ReactNode } from 'react'
import type { Overview } from '../../api/types.ts'
import { Card } from '../../components/card.tsx'
import { formatCount } from '../../format/counts.ts'
import { formatMoney } from '../../format/money.ts'

/** The numbers that an operator looks at first. */
export function Figures({ overview }: { overview: Overview }) {
  const { monthlyRevenue, failedPayments, inbox } = overview
  return (
    <dl className="tg:grid tg:gap-4 tg:sm:grid-cols-3">
      <Figure name="Revenue a month" hint="Recurring, of subscriptions that pay">
        {monthlyRevenue.length === 0
          ? 'None yet'
          : monthlyRevenue.map(({ currency, amount }) => (
              <span key={currency} className="tg:block">
                {formatMoney(amount, currency)}
              </span>
            ))}
      </Figure>
      <Figure name="Failed payments" hint={owed(failedPayments.totals)}>
        {formatCount(failedPayments.totals.reduce((sum, { count }) => sum + count, 0))}
      </Figure>
      <Figure
        name="Webhook inbox"
        hint={`${formatCount(inbox.failing)} retrying, ${formatCount(inbox.dead)} failed`}
      >
        {formatCount(inbox.pending)}{' '}
        <span className="tg:font-normal tg:text-base tg:tracking-normal">waiting</span>
      </Figure>
    </dl>
  )
}

interface FigureProps {
  name: string
  hint: string
  children: ReactNode
}

function Figure({ name, hint, children }: FigureProps) {
  return (
    <Card className="tg:flex tg:flex-col tg:p-5">
      <dt className="tg:text-muted-foreground tg:text-sm">{name}</dt>
      <dd className="tg:mt-1.5 tg:font-semibold tg:text-2xl tg:tabular-nums tg:tracking-tight">
        {children}
      </dd>
      <dd className="tg:mt-auto tg:pt-2 tg:text-muted-foreground tg:text-xs">{hint}</dd>
    </Card>
  )
}

function owed(totals: Overview['failedPayments']['totals']): string {
  if (totals.length === 0) return 'Nothing is owed'
  const amounts = totals.map(({ amountDue, currency }) => formatMoney(amountDue, currency))
  return `${amounts.join(' and ')} owed`
}
