import '@tollgate/ui/styles.css'
import { AdminGuard, AuthGuard, BillingAdmin, BillingDashboard } from '@tollgate/ui'
import { Route } from 'wouter'
import { useHashLocation } from 'wouter/use-hash-location'

/** Our pages in the host's own router. */
export function HostBilling({ apiUrl }: { apiUrl: string }) {
  const [path] = useHashLocation()
  return (
    <>
      <Route path="/billing">
        <AuthGuard apiUrl={apiUrl}>
          <p className="card">The host’s own words, inside of our guard.</p>
          <BillingDashboard apiUrl={apiUrl} />
        </AuthGuard>
      </Route>
      <Route path="/admin">
        <AdminGuard apiUrl={apiUrl}>
          <BillingAdmin apiUrl={apiUrl} />
        </AdminGuard>
      </Route>
      <p hidden>{path}</p>
    </>
  )
}
