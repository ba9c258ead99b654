import { Link, useSearch } from '@tanstack/react-router'
import { InputField } from '@tollgate/ui'
import { AuthPage } from '../auth/auth-page.tsx'
import { authClient } from '../auth/client.ts'
import { NewPasswordField } from '../auth/new-password-field.tsx'
import { link } from '../layout/link.ts'

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
      <NewPasswordField label="Password" name="password" />
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
