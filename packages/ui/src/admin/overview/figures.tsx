import type { ReactNode } from 'react'
import type { Overview } from '../../api/types.ts'
import { Card } from '../../components/card.tsx'
import { formatCompact, formatCount } from '../../format/counts.ts'
import { formatMonth } from '../../format/dates.ts'
import { formatMoney } from '../../format/money.ts'
import { meterNames } from '../../format/names.ts'

/** The few numbers that an operator looks at first. */
export function Figures({ overview }: { overview: Overview }) {
  const { monthlyRevenue, failedPayments, inbox, usage } = overview
  return (
    <dl className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
      <Figure name="Revenue a month" hint="Recurring, of subscriptions that pay">
        {monthlyRevenue.length === 0
          ? 'None yet'
          : monthlyRevenue.map(({ currency, amount }) => (
              <span key={currency} className="block">
                {formatMoney(amount, currency)}
              </span>
            ))}
      </Figure>
      <Figure name="Failed payments" hint={owed(failedPayments.totals)}>
        {formatCount(failedPayments.totals.reduce((sum, { count }) => sum + count, 0))}
      </Figure>
      <Figure
        name="Webhook inbox"
        hint={`${formatCount(inbox.failing)} failing, ${formatCount(inbox.dead)} given up`}
      >
        {formatCount(inbox.pending)}{' '}
        <span className="font-normal text-base tracking-normal">waiting</span>
      </Figure>
      <Figure name="Usage" hint={`All customers, ${formatMonth(`${usage.period}-01`)}`}>
        <span className="grid gap-0.5 font-normal text-sm tracking-normal">
          {usage.meters.map(({ meter, used }) => (
            <span key={meter} className="flex justify-between gap-4">
              <span className="text-muted-foreground">{meterNames[meter].name}</span>
              <span title={formatCount(used)}>{formatCompact(used)}</span>
            </span>
          ))}
        </span>
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
    <Card className="flex flex-col p-5">
      <dt className="text-muted-foreground text-sm">{name}</dt>
      <dd className="mt-1.5 font-semibold text-2xl tabular-nums tracking-tight">{children}</dd>
      <dd className="mt-auto pt-2 text-muted-foreground text-xs">{hint}</dd>
    </Card>
  )
}

function owed(totals: Overview['failedPayments']['totals']): string {
  if (totals.length === 0) return 'Nothing is owed'
  const amounts = totals.map(({ amountDue, currency }) => formatMoney(amountDue, currency))
  return `${amounts.join(' and ')} owed`
}
