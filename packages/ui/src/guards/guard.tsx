import { type ReactNode, useEffect } from 'react'
import { Button } from '../components/button.tsx'
import { Notice } from '../components/notice.tsx'
import { Root } from '../components/root.tsx'
import { Loading, Skeleton } from '../components/skeleton.tsx'
import { FullPage } from './full-page.tsx'
import { type Session, type SessionState, useSession } from './session.ts'

export interface GuardProps {
  /** Origin of the Tollgate server; the page's own unless given. */
  apiUrl?: string
  /** The session, if the host has it already (better-auth's `useSession()`); otherwise the server is asked. */
  session?: SessionState
  /** Where to sign in; `?next=` with the path of this page is added. */
  signInUrl?: string
  /** Called with the path of this page instead of showing a link to `signInUrl`: the host navigates itself. */
  onSignInRequired?: (next: string) => void
  children: ReactNode
}

interface GateProps extends Omit<GuardProps, 'children'> {
  /** What a signed-in person gets. */
  children: (session: Session) => ReactNode
}

/** Shows its children to a person who is signed in. */
export function Gate({ session, apiUrl = '', ...props }: GateProps) {
  return session ? (
    <SessionGate session={session} {...props} />
  ) : (
    <ServerSessionGate apiUrl={apiUrl} {...props} />
  )
}

function ServerSessionGate({ apiUrl, ...props }: Omit<GateProps, 'session'> & { apiUrl: string }) {
  const session = useSession(apiUrl)
  return <SessionGate session={session} {...props} />
}

function SessionGate(props: GateProps & { session: SessionState }) {
  const { session, signInUrl = '/sign-in', onSignInRequired, children } = props
  if (session.data) return children(session.data)
  if (session.isPending) return <Checking />
  if (session.error) return <CheckFailed retry={session.refetch} />
  return onSignInRequired ? (
    <RequireSignIn onSignInRequired={onSignInRequired} />
  ) : (
    <SignInRequired signInUrl={signInUrl} />
  )
}

function Checking() {
  return (
    <Root>
      <Loading what="your session" />
      <Skeleton className="tg:h-9 tg:w-40" />
      <Skeleton className="tg:mt-4 tg:h-5 tg:w-64 tg:max-w-full" />
      <Skeleton className="tg:mt-10 tg:h-40 tg:w-full" />
    </Root>
  )
}

function CheckFailed({ retry }: { retry: () => unknown }) {
  return (
    <Root>
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
    </Root>
  )
}

function RequireSignIn({ onSignInRequired }: { onSignInRequired: (next: string) => void }) {
  useEffect(() => onSignInRequired(currentPath()), [onSignInRequired])
  return <Checking />
}

function SignInRequired({ signInUrl }: { signInUrl: string }) {
  return (
    <FullPage title="Sign in to continue" text="Your plan, usage and invoices are for you alone.">
      <Button asChild>
        <a href={`${signInUrl}?next=${encodeURIComponent(currentPath())}`}>Sign in</a>
      </Button>
    </FullPage>
  )
}

/** The path and parameters of this page, to come back to. */
function currentPath(): string {
  const { pathname, search } = window.location
  return `${pathname}${search}`
}
