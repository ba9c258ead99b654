import { Link, useSearch } from '@tanstack/react-router'
import { Button, Notice } from '@tollgate/ui'
import { useState } from 'react'
import { authClient, useSession } from '../auth/client.ts'
import { FormPage, NarrowPage } from '../auth/form-page.tsx'
import { link } from '../layout/link.ts'

const title = 'Confirm your e-mail address'

/** Where the link in a mail leads. A button confirms, so that a mail scanner that opens the link does not. */
export function VerifyEmailPage() {
  const { token } = useSearch({ from: '/verify-email' })
  const { refetch } = useSession()
  const [done, setDone] = useState(false)
  const other = (
    <Link to="/account" className={link}>
      Your account
    </Link>
  )
  if (done) {
    return (
      <NarrowPage title={title} other={null}>
        <Notice tone="success" title="Your e-mail address is confirmed" />
        <Button asChild size="large" className="tg:mt-4 tg:w-full">
          <Link to="/account">Open your account</Link>
        </Button>
      </NarrowPage>
    )
  }
  return (
    <FormPage
      title={title}
      action="Confirm"
      failed="It could not be confirmed"
      other={other}
      onSubmit={async () => {
        const { error } = await authClient.verifyEmail({ query: { token: token ?? '' } })
        if (error?.status === 401) {
          const message =
            'This link is older than an hour, or not complete. Send yourself another one.'
          return { ...error, message }
        }
        if (!error) {
          await refetch()
          setDone(true)
        }
        return error
      }}
    >
      <p className="tg:text-muted-foreground tg:text-sm">
        You asked for it, or you signed up with this address.
      </p>
    </FormPage>
  )
}
