import { AuthGuard, FullPage } from '@tollgate/ui'
import { useSession } from '../../auth/client.ts'
import { useSignInRequired } from '../../auth/use-sign-in-required.ts'
import { productName, productSignIn } from '../../product.ts'
import { DeletePanel } from './delete-panel.tsx'
import { EmailPanel } from './email-panel.tsx'
import { PasswordPanel } from './password-panel.tsx'
import { SessionsPanel } from './sessions-panel.tsx'

export function AccountPage() {
  const session = useSession()
  const onSignInRequired = useSignInRequired()
  if (productSignIn !== null) {
    return (
      <FullPage
        title="Your account is elsewhere"
        text={`You sign in at ${productName} itself. Change your password and your address there.`}
      />
    )
  }
  return (
    <>
      <title>{`Account · ${productName}`}</title>
      <AuthGuard session={session} onSignInRequired={onSignInRequired}>
        {session.data && (
          <div className="tg:mx-auto tg:grid tg:max-w-176 tg:gap-6">
            <div>
              <h1 className="tg:font-semibold tg:text-2xl tg:tracking-tight">Account</h1>
              <p className="tg:wrap-anywhere tg:mt-1 tg:text-muted-foreground tg:text-sm">
                {session.data.user.name}
              </p>
            </div>
            <EmailPanel user={session.data.user} />
            <PasswordPanel onChanged={() => void session.refetch()} />
            <SessionsPanel current={session.data.session.token} />
            <DeletePanel />
          </div>
        )}
      </AuthGuard>
    </>
  )
}
