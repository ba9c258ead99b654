import { AuthGuard, BillingDashboard } from '@tollgate/ui'
import { useSession } from '../auth/client.ts'
import { useSignInRequired } from '../auth/use-sign-in-required.ts'
import { productName } from '../product.ts'

export function BillingPage() {
  const session = useSession()
  const onSignInRequired = useSignInRequired()
  return (
    <>
      <title>{`Billing · ${productName}`}</title>
      <AuthGuard session={session} onSignInRequired={onSignInRequired}>
        <BillingDashboard apiUrl="" />
      </AuthGuard>
    </>
  )
}
