import type { ReactNode } from 'react'
import type { ChangePreview, PlanOffer } from '../../api/types.ts'
import { cn } from '../../components/class-names.ts'
import { Loading, Skeleton } from '../../components/skeleton.tsx'
import { formatDay } from '../../format/dates.ts'
import { formatMoney } from '../../format/money.ts'

interface PreviewProps {
  preview: ChangePreview
  target: PlanOffer
}

/** What a change of plan costs now and later, line by line, as Stripe will charge it. */
export function Preview({ preview, target }: PreviewProps) {
  const { currency, lines, dueNow, nextAmount, nextAt, effectiveAt } = preview
  const money = (amount: number) => formatMoney(amount, currency)
  if (isLater(preview)) {
    return (
      <p className="text-muted-foreground text-sm">
        You keep your plan and all of its quota until {formatDay(effectiveAt)}. From then on it is{' '}
        {target.name} for {money(nextAmount)} per {target.interval}. Nothing is charged now.
      </p>
    )
  }
  return (
    <>
      <dl className="grid gap-2 text-sm tabular-nums">
        {lines.map(({ description, amount }) => (
          <Line key={`${description} ${amount}`} name={description}>
            {money(amount)}
          </Line>
        ))}
        <Line name="Due now" total>
          {money(dueNow)}
        </Line>
      </dl>
      <p className="mt-3 text-muted-foreground text-sm">
        Then {money(nextAmount)} on {formatDay(nextAt)}. The new quota is yours as soon as it is
        paid; what you used this month stays counted.
      </p>
    </>
  )
}

interface LineProps {
  name: string
  /** The sum of those above. */
  total?: boolean
  children: ReactNode
}

function Line({ name, total = false, children }: LineProps) {
  return (
    <div
      className={cn(
        'flex items-baseline justify-between gap-6',
        total && 'mt-1 border-border border-t pt-3 font-medium text-foreground',
      )}
    >
      <dt className="wrap-break-word min-w-0">{name}</dt>
      <dd className="shrink-0">{children}</dd>
    </div>
  )
}

/** Whether the change waits for the period's end: then nothing is billed for the change itself. */
export function isLater({ effectiveAt, prorationDate }: ChangePreview): boolean {
  return effectiveAt > prorationDate
}

/** The preview's place while it loads. */
export function PreviewSkeleton() {
  return (
    <div className="grid gap-3">
      <Loading what="what the change costs" />
      <Skeleton className="h-4 w-full" />
      <Skeleton className="h-4 w-4/5" />
      <Skeleton className="h-5 w-full" />
    </div>
  )
}
