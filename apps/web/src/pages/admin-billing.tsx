import { AdminGuard, BillingAdmin } from '@tollgate/ui'
import { useSession } from '../auth/client.ts'
import { useSignInRequired } from '../auth/use-sign-in-required.ts'

export function AdminBillingPage() {
  const session = useSession()
  const onSignInRequired = useSignInRequired()
  return (
    <>
      <title>Billing admin · Tollgate</title>
      <AdminGuard session={session} onSignInRequired={onSignInRequired}>
        <BillingAdmin apiUrl="" />
      </AdminGuard>
    </>
  )
}
