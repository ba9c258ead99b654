import { type ReactNode, useEffect } from 'react'
import { Button } from '../components/button.tsx'
import { Notice } from '../components/notice.tsx'
import { Loading, Skeleton } from '../components/skeleton.tsx'
import { FullPage } from './full-page.tsx'
import { type Session, type SessionState, useSession } from './session.ts'

export interface GuardProps {
  /** Origin of the Tollgate server; the page's own unless given. */
  apiUrl?: string
  /** The session, where the host has it already (better-auth's `useSession()`); else the server is asked. */
  session?: SessionState
  /** Where to sign in; `?next=` with the way back is added. */
  signInUrl?: string
  /** Goes there in the host's own way, given the way back, instead of showing a page that leads there. */
  onSignInRequired?: (next: string) => void
  children: ReactNode
}

interface GateProps extends Omit<GuardProps, 'children'> {
  /** What a signed-in person gets. */
  children: (session: Session) => ReactNode
}

/** Lets those pass who are signed in. */
export function Gate({ session, apiUrl = '', ...props }: GateProps) {
  return session ? (
    <Decide session={session} {...props} />
  ) : (
    <DecideByServer apiUrl={apiUrl} {...props} />
  )
}

function DecideByServer({ apiUrl, ...props }: Omit<GateProps, 'session'> & { apiUrl: string }) {
  const session = useSession(apiUrl)
  return <Decide session={session} {...props} />
}

function Decide(props: GateProps & { session: SessionState }) {
  const { session, signInUrl = '/sign-in', onSignInRequired, children } = props
  if (session.data) return children(session.data)
  if (session.isPending) return <Checking />
  if (session.error) return <CheckFailed retry={session.refetch} />
  return onSignInRequired ? (
    <Leave onSignInRequired={onSignInRequired} />
  ) : (
    <SignInRequired signInUrl={signInUrl} />
  )
}

function Checking() {
  return (
    <div className="grid gap-4">
      <Loading what="your session" />
      <Skeleton className="h-9 w-40" />
      <Skeleton className="h-5 w-64 max-w-full" />
      <Skeleton className="mt-6 h-40 w-full" />
    </div>
  )
}

function CheckFailed({ retry }: { retry: () => unknown }) {
  return (
    <Notice
      tone="danger"
      title="We could not check whether you are signed in"
      actions={
        <Button variant="outline" size="small" onClick={() => void retry()}>
          Try again
        </Button>
      }
    >
      The server can’t be reached. Check your connection.
    </Notice>
  )
}

function Leave({ onSignInRequired }: { onSignInRequired: (next: string) => void }) {
  useEffect(() => onSignInRequired(wayBack()), [onSignInRequired])
  return <Checking />
}

function SignInRequired({ signInUrl }: { signInUrl: string }) {
  return (
    <FullPage title="Sign in to continue" text="Your plan, usage and invoices are for you alone.">
      <Button asChild>
        <a href={`${signInUrl}?next=${encodeURIComponent(wayBack())}`}>Sign in</a>
      </Button>
    </FullPage>
  )
}

/** This page, as a path on its own origin. */
function wayBack(): string {
  const { pathname, search } = window.location
  return `${pathname}${search}`
}
