import { Link, useSearch } from '@tanstack/react-router'
import { InputField } from '@tollgate/ui'
import { AuthPage } from '../auth/auth-page.tsx'
import { authClient } from '../auth/client.ts'
import { link } from '../layout/link.ts'

/** The sign-in's own rule: what is shorter is refused by the server too. */
const MIN_PASSWORD = 8

export function SignUpPage() {
  const search = useSearch({ from: '/sign-up' })
  return (
    <AuthPage
      title="Create your account"
      action="Create account"
      failed="Your account could not be created"
      onSubmit={signUp}
      other={
        <>
          Have an account?{' '}
          <Link to="/sign-in" search={search} className={link}>
            Sign in
          </Link>
        </>
      }
    >
      <InputField label="Name" name="name" autoComplete="name" required autoFocus maxLength={255} />
      <InputField label="E-mail" name="email" type="email" autoComplete="email" required />
      <InputField
        label="Password"
        name="password"
        type="password"
        autoComplete="new-password"
        hint={`At least ${MIN_PASSWORD} characters`}
        required
        minLength={MIN_PASSWORD}
      />
    </AuthPage>
  )
}

async function signUp(fields: FormData) {
  const { error } = await authClient.signUp.email({
    name: String(fields.get('name')),
    email: String(fields.get('email')),
    password: String(fields.get('password')),
  })
  return error
}
