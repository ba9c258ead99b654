import { Link, useSearch } from '@tanstack/react-router'
import { Button, Notice } from '@tollgate/ui'
import { useState } from 'react'
import { authClient } from '../auth/client.ts'
import { FormPage, NarrowPage } from '../auth/form-page.tsx'
import { NewPasswordField } from '../auth/new-password-field.tsx'
import { link } from '../layout/link.ts'

const title = 'Choose a new password'

/** Where the link in a mail leads. */
export function ResetPasswordPage() {
  const { token } = useSearch({ from: '/reset-password' })
  const [done, setDone] = useState(false)
  const other = (
    <Link to="/forgot-password" className={link}>
      Send me another link
    </Link>
  )
  if (done) {
    return (
      <NarrowPage title={title} other={null}>
        <Notice tone="success" title="Your password was changed">
          Every session of your account was ended.
        </Notice>
        <Button asChild size="large" className="tg:mt-4 tg:w-full">
          <Link to="/sign-in">Sign in</Link>
        </Button>
      </NarrowPage>
    )
  }
  if (token === undefined) {
    return (
      <NarrowPage title={title} other={other}>
        <Notice tone="danger" title="This link is not complete">
          Open the whole link of the mail.
        </Notice>
      </NarrowPage>
    )
  }
  return (
    <FormPage
      title={title}
      action="Change password"
      failed="Your password was not changed"
      other={other}
      onSubmit={async (fields) => {
        const newPassword = String(fields.get('newPassword'))
        const { error } = await authClient.resetPassword({ token, newPassword })
        if (error?.code === 'INVALID_TOKEN') {
          return { ...error, message: 'This link was used already, or is older than an hour.' }
        }
        if (!error) setDone(true)
        return error
      }}
    >
      <NewPasswordField label="New password" name="newPassword" />
    </FormPage>
  )
}
