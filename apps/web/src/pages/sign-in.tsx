import { Link, useSearch } from '@tanstack/react-router'
import { InputField } from '@tollgate/ui'
import { AuthPage } from '../auth/auth-page.tsx'
import { authClient } from '../auth/client.ts'
import { link } from '../layout/link.ts'

export function SignInPage() {
  const search = useSearch({ from: '/sign-in' })
  return (
    <AuthPage
      title="Sign in"
      action="Sign in"
      failed="You could not be signed in"
      onSubmit={signIn}
      other={
        <>
          New here?{' '}
          <Link to="/sign-up" search={search} className={link}>
            Create an account
          </Link>
          <br />
          <Link to="/forgot-password" className={link}>
            Forgot your password?
          </Link>
        </>
      }
    >
      <InputField
        label="E-mail"
        name="email"
        type="email"
        autoComplete="email"
        required
        autoFocus
      />
      <InputField
        label="Password"
        name="password"
        type="password"
        autoComplete="current-password"
        required
      />
    </AuthPage>
  )
}

async function signIn(fields: FormData) {
  const { error } = await authClient.signIn.email({
    email: String(fields.get('email')),
    password: String(fields.get('password')),
  })
  return error
}
