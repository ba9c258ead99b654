import { Button } from '../components/button.tsx'
import { FullPage } from './full-page.tsx'
import { Gate, type GuardProps } from './guard.tsx'

interface AdminGuardProps extends GuardProps {
  /** Where those may go who may not stay. */
  homeUrl?: string
}

/**
 * Shows its children to admins, says "Admins only" to other people who are signed in, and leads the rest to the
 * sign-in and back. For convenience only: every procedure behind the page decides for itself.
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
          You are signed in as <span className="font-medium text-foreground">{email}</span>, which
          is not an admin account.
        </>
      }
    >
      <Button asChild variant="outline">
        <a href={homeUrl}>Back to your billing</a>
      </Button>
    </FullPage>
  )
}
