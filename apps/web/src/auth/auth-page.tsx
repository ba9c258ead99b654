import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Card, Notice } from '@tollgate/ui'
import { type FormEvent, type ReactNode, useEffect, useState } from 'react'
import { productName } from '../product.ts'
import { useSession } from './client.ts'

/** Why the server said no. */
interface AuthFailure {
  status: number
  message?: string | undefined
}

export interface AuthPageProps {
  title: string
  action: string
  /** What to say above the reason when the server says no. */
  failed: string
  /** Sends the form; the failure, or null. The session then arrives by itself, and leads on. */
  onSubmit: (fields: FormData) => Promise<AuthFailure | null>
  /** The other page, for who came to the wrong one. */
  other: ReactNode
  children: ReactNode
}

/** The frame of sign-in and sign-up: whoever is signed in goes on to where they came from. */
export function AuthPage({ title, action, failed, onSubmit, other, children }: AuthPageProps) {
  const { failure, pending, submit } = useAuthForm(onSubmit)
  useLeaveOnceSignedIn()
  return (
    <div className="tg:mx-auto tg:w-full tg:max-w-96 tg:py-10 tg:sm:py-16">
      <title>{`${title} · ${productName}`}</title>
      <h1 className="tg:text-center tg:font-semibold tg:text-2xl tg:tracking-tight">{title}</h1>
      <Card className="tg:mt-6 tg:p-6">
        <form onSubmit={submit} className="tg:grid tg:gap-4">
          {failure && (
            <Notice tone="danger" title={failed}>
              {textOf(failure)}
            </Notice>
          )}
          {children}
          <Button type="submit" size="large" className="tg:mt-1 tg:w-full" pending={pending}>
            {action}
          </Button>
        </form>
      </Card>
      <p className="tg:mt-6 tg:text-center tg:text-muted-foreground tg:text-sm">{other}</p>
    </div>
  )
}

function useAuthForm(onSubmit: AuthPageProps['onSubmit']) {
  const [failure, setFailure] = useState<AuthFailure | null>(null)
  const [pending, setPending] = useState(false)
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    setPending(true)
    setFailure(null)
    const failed = await onSubmit(new FormData(event.currentTarget))
    setFailure(failed)
    // Success stays pending: the page leaves as soon as the session is there.
    if (failed) setPending(false)
  }
  return { failure, pending, submit: (event: FormEvent<HTMLFormElement>) => void submit(event) }
}

function useLeaveOnceSignedIn(): void {
  const { data: session } = useSession()
  const { next } = useSearch({ strict: false })
  const navigate = useNavigate()
  const signedIn = session != null
  useEffect(() => {
    if (signedIn) void navigate({ href: next ?? '/billing', replace: true })
  }, [signedIn, next, navigate])
}

function textOf({ status, message }: AuthFailure): string {
  if (status === 429) return 'Too many attempts. Wait a minute, then try again.'
  if (status === 0 || status >= 500)
    return 'The server can’t be reached right now. Try again in a moment.'
  return message ?? 'Check what you entered, then try again.'
}
