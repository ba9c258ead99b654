import { Link } from '@tanstack/react-router'
import { InputField } from '@tollgate/ui'
import { useState } from 'react'
import { authClient } from '../auth/client.ts'
import { FormPage, NarrowPage } from '../auth/form-page.tsx'
import { MailSent, NoMail } from '../auth/mail-sent.tsx'
import { useSignInFacts } from '../auth/sign-in-facts.ts'
import { link } from '../layout/link.ts'

const title = 'Forgot your password?'

export function ForgotPasswordPage() {
  const facts = useSignInFacts()
  const [sentTo, setSentTo] = useState<string | null>(null)
  const other = (
    <Link to="/sign-in" className={link}>
      Back to sign-in
    </Link>
  )
  if (facts?.mail === 'none') {
    return (
      <NarrowPage title={title} other={other}>
        <NoMail what="A password can’t be reset here." />
      </NarrowPage>
    )
  }
  if (sentTo !== null) {
    return (
      <NarrowPage title={title} other={other}>
        <MailSent>
          If {sentTo} has an account, a link to choose a new password is on its way.
        </MailSent>
      </NarrowPage>
    )
  }
  return (
    <FormPage
      title={title}
      action="Send me a link"
      failed="No link could be sent"
      other={other}
      onSubmit={async (fields) => {
        const email = String(fields.get('email'))
        const { error } = await authClient.requestPasswordReset({ email })
        if (!error) setSentTo(email)
        return error
      }}
    >
      <InputField
        label="E-mail"
        name="email"
        type="email"
        autoComplete="email"
        hint="The address that you sign in with"
        required
        autoFocus
      />
    </FormPage>
  )
}
