import { Button } from '../components/button.tsx'
import { FullPage } from './full-page.tsx'
import { Gate, type GuardProps } from './guard.tsx'

interface AdminGuardProps extends GuardProps {
  /** Where the link for people who are not admins leads. */
  homeUrl?: string
}

/**
 * Shows its children to admins. Tells other people who are signed in "Admins only", and asks anyone else to sign in.
 * For convenience only: every procedure checks the session itself.
 */
export function AdminGuard({ children, homeUrl = '/billing', ...props }: AdminGuardProps) {
  return (
    <Gate {...props}>
      {({ user }) =>
        user.role === 'admin' ? children : <AdminsOnly email={user.email} homeUrl={homeUrl} />
      }
    </Gate>
  )
}

function AdminsOnly({ email, homeUrl }: { email: string; homeUrl: string }) {
  return (
    <FullPage
      title="Admins only"
      text={
        <>
          You are signed in as <span className="tg:font-medium tg:text-foreground">{email}</span>,
          which is not an admin account.
        </>
      }
    >
      <Button asChild variant="outline">
        <a href={homeUrl}>Back to your billing</a>
      </Button>
    </FullPage>
  )
}
