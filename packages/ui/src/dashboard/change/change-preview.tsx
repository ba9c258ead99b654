import type { ReactNode } from 'react'
import type { ChangePreview } from '../../api/types.ts'
import { cn } from '../../components/class-names.ts'
import { Loading, Skeleton } from '../../components/skeleton.tsx'
import { formatDay } from '../../format/dates.ts'
import { formatMoney } from '../../format/money.ts'
import type { Offer } from '../offers/offers-at.ts'

interface PreviewProps {
  preview: ChangePreview
  target: Pick<Offer, 'name' | 'interval'>
}

/** What a change of plan costs now and later, line by line, as Stripe will charge it. */
export function Preview({ preview, target }: PreviewProps) {
  const { currency, lines, dueNow, nextAmount, nextAt, effectiveAt } = preview
  const money = (amount: number) => formatMoney(amount, currency)
  if (isLater(preview)) {
    return (
      <p className="tg:text-muted-foreground tg:text-sm">
        You keep your plan and all of its quota until {formatDay(effectiveAt)}. From then on it is{' '}
        {target.name}, and the next payment is {money(nextAmount)}. Nothing is charged now.
      </p>
    )
  }
  return (
    <>
      <dl className="tg:grid tg:grid-cols-1 tg:gap-2 tg:text-sm tg:tabular-nums">
        {lines.map(({ description, amount }) => (
          <Line key={`${description} ${amount}`} name={description}>
            {money(amount)}
          </Line>
        ))}
        <Line name="Due now" total>
          {money(dueNow)}
        </Line>
      </dl>
      <p className="tg:mt-3 tg:text-muted-foreground tg:text-sm">
        Then {money(nextAmount)} on {formatDay(nextAt)}. The new quota starts when it is paid. What
        you have used this month still counts.
      </p>
    </>
  )
}

interface LineProps {
  name: string
  /** The sum of the lines above. */
  total?: boolean
  children: ReactNode
}

function Line({ name, total = false, children }: LineProps) {
  return (
    <div
      className={cn(
        'tg:flex tg:items-baseline tg:justify-between tg:gap-6',
        total && 'tg:mt-1 tg:border-border tg:border-t tg:pt-3 tg:font-medium tg:text-foreground',
      )}
    >
      <dt className="tg:wrap-anywhere tg:min-w-0">{name}</dt>
      <dd className="tg:shrink-0">{children}</dd>
    </div>
  )
}

/** Whether the change happens at the period's end, so that the change itself costs nothing. */
export function isLater({ effectiveAt, prorationDate }: ChangePreview): boolean {
  return effectiveAt > prorationDate
}

/** Holds the preview's place while it loads. */
export function PreviewSkeleton() {
  return (
    <div className="tg:grid tg:gap-3">
      <Loading what="what the change costs" />
      <Skeleton className="tg:h-4 tg:w-full" />
      <Skeleton className="tg:h-4 tg:w-4/5" />
      <Skeleton className="tg:h-5 tg:w-full" />
    </div>
  )
}
