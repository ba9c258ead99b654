import { Card, Notice } from '@tollgate/ui'
import { type ReactNode, useId } from 'react'
import { type FormFailure, failureText } from '../../auth/use-form.ts'

interface PanelProps {
  title: string
  hint?: ReactNode
  children: ReactNode
}

/** A part of the account page, labelled by its heading. */
export function Panel({ title, hint, children }: PanelProps) {
  const id = useId()
  return (
    <section aria-labelledby={id}>
      <Card className="tg:p-5 tg:sm:p-6">
        <h2 id={id} className="tg:font-semibold tg:text-lg tg:tracking-tight">
          {title}
        </h2>
        {hint && <p className="tg:mt-1 tg:text-muted-foreground tg:text-sm">{hint}</p>}
        <div className="tg:mt-4 tg:grid tg:gap-4">{children}</div>
      </Card>
    </section>
  )
}

/** What the server refused, if it did. */
export function Failure({ title, failure }: { title: string; failure: FormFailure | null }) {
  if (!failure) return null
  return (
    <Notice tone="danger" title={title}>
      {failureText(failure)}
    </Notice>
  )
}
