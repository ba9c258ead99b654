import { AuthGuard, BillingDashboard } from '@tollgate/ui'
import { useSession } from '../auth/client.ts'
import { useSignInRequired } from '../auth/use-sign-in-required.ts'

export function BillingPage() {
  const session = useSession()
  const onSignInRequired = useSignInRequired()
  return (
    <>
      <title>Billing · Tollgate</title>
      <AuthGuard session={session} onSignInRequired={onSignInRequired}>
        <BillingDashboard apiUrl="" />
      </AuthGuard>
    </>
  )
}
