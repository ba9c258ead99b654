import { Button, Card, Notice } from '@tollgate/ui'
import type { ReactNode } from 'react'
import { productName } from '../product.ts'
import { failureText, type SendForm, useForm } from './use-form.ts'

export interface FormPageProps {
  title: string
  action: string
  /** The title of the notice when the server refuses. */
  failed: string
  onSubmit: SendForm
  /** Whether a success leaves this page: the button stays busy until then. */
  leaves?: boolean
  /** A link to another page. */
  other: ReactNode
  children: ReactNode
}

/** A page that is one form. */
export function FormPage({
  title,
  action,
  failed,
  onSubmit,
  leaves,
  other,
  children,
}: FormPageProps) {
  const { failure, pending, submit } = useForm(onSubmit, { keepsPending: leaves ?? false })
  return (
    <NarrowPage title={title} other={other}>
      <form onSubmit={submit} className="tg:grid tg:gap-4">
        {failure && (
          <Notice tone="danger" title={failed}>
            {failureText(failure)}
          </Notice>
        )}
        {children}
        <Button type="submit" size="large" className="tg:mt-1 tg:w-full" pending={pending}>
          {action}
        </Button>
      </form>
    </NarrowPage>
  )
}

interface NarrowPageProps {
  title: string
  other: ReactNode
  children: ReactNode
}

/** A page of one card, as wide as a form. */
export function NarrowPage({ title, other, children }: NarrowPageProps) {
  return (
    <div className="tg:mx-auto tg:w-full tg:max-w-96 tg:py-10 tg:sm:py-16">
      <title>{`${title} · ${productName}`}</title>
      <h1 className="tg:text-center tg:font-semibold tg:text-2xl tg:tracking-tight">{title}</h1>
      <Card className="tg:mt-6 tg:p-6">{children}</Card>
      <p className="tg:mt-6 tg:text-center tg:text-muted-foreground tg:text-sm">{other}</p>
    </div>
  )
}
