import { useSearch } from '@tanstack/react-router'
import { Button, FullPage } from '@tollgate/ui'
import { useSession } from '../auth/client.ts'
import { nextPath } from '../auth/next-path.ts'
import { productName, productSignIn } from '../product.ts'

/** In place of our sign-in, where the product has its own: leads there, and says where to come back to. */
export function ProductSignInPage() {
  const { next } = useSearch({ strict: false })
  const { data: session } = useSession()
  const back = new URL(nextPath(next), window.location.origin).href
  return (
    <FullPage
      title={session ? 'You are signed in' : `Sign in to ${productName}`}
      text={
        session
          ? `Your account is the one that you have at ${productName}.`
          : `Your account is the one that you have at ${productName}. Sign in there, then come back to this page.`
      }
    >
      <title>{`Sign in · ${productName}`}</title>
      {session ? (
        <Button asChild>
          <a href={back}>Open billing</a>
        </Button>
      ) : (
        productSignIn && (
          <Button asChild>
            <a href={signInUrl(productSignIn, back)}>Sign in</a>
          </Button>
        )
      )}
    </FullPage>
  )
}

function signInUrl(url: string, next: string): string {
  const target = new URL(url, window.location.origin)
  target.searchParams.set('next', next)
  return target.href
}
