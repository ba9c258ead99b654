import { AdminGuard, BillingAdmin } from '@tollgate/ui'
import { useSession } from '../auth/client.ts'
import { useSignInRequired } from '../auth/use-sign-in-required.ts'
import { productName } from '../product.ts'

export function AdminBillingPage() {
  const session = useSession()
  const onSignInRequired = useSignInRequired()
  return (
    <>
      <title>{`Billing admin · ${productName}`}</title>
      <AdminGuard session={session} onSignInRequired={onSignInRequired}>
        <BillingAdmin apiUrl="" />
      </AdminGuard>
    </>
  )
}
