import { Button, InputField, Notice } from '@tollgate/ui'
import { useState } from 'react'
import { authClient } from '../../auth/client.ts'
import { MailSent, NoMail } from '../../auth/mail-sent.tsx'
import { useSignInFacts } from '../../auth/sign-in-facts.ts'
import { useForm } from '../../auth/use-form.ts'
import { Failure, Panel } from './panel.tsx'

interface EmailPanelProps {
  user: { email: string; emailVerified: boolean }
}

/** The address of the account: whether it is confirmed, and another in its place. */
export function EmailPanel({ user }: EmailPanelProps) {
  const facts = useSignInFacts()
  const hint = `${user.email}${user.emailVerified ? ', confirmed' : ', not confirmed yet'}`
  return (
    <Panel title="E-mail address" hint={<span className="tg:wrap-anywhere">{hint}</span>}>
      {facts?.mail === 'none' ? (
        <NoMail what="An address can be neither confirmed nor changed." />
      ) : (
        <>
          {!user.emailVerified && <Verify email={user.email} />}
          <ChangeEmail />
        </>
      )}
    </Panel>
  )
}

function Verify({ email }: { email: string }) {
  const [sent, setSent] = useState(false)
  const { failure, pending, submit } = useForm(async () => {
    const { error } = await authClient.sendVerificationEmail({ email })
    setSent(!error)
    return error
  })
  if (sent) return <MailSent>A link that confirms the address is on its way.</MailSent>
  return (
    <form onSubmit={submit} className="tg:grid tg:gap-4">
      <Failure title="No mail could be sent" failure={failure} />
      <Notice
        tone="warning"
        title="Confirm that this address is yours"
        actions={
          <Button type="submit" size="small" variant="outline" pending={pending}>
            Send me a link
          </Button>
        }
      >
        A forgotten password is chosen anew by a mail to it.
      </Notice>
    </form>
  )
}

function ChangeEmail() {
  const [sentTo, setSentTo] = useState<string | null>(null)
  const { failure, pending, submit } = useForm(async (fields) => {
    const newEmail = String(fields.get('newEmail'))
    const body = { newEmail, password: String(fields.get('password')) }
    const { error } = await authClient.$fetch('/change-email', { method: 'POST', body })
    if (!error) setSentTo(newEmail)
    return error
  })
  return (
    <form onSubmit={submit} className="tg:grid tg:max-w-96 tg:gap-4">
      {sentTo !== null && (
        <MailSent>
          Open the link that was mailed to {sentTo}. Until then you sign in with the address above.
        </MailSent>
      )}
      <Failure title="The address was not changed" failure={failure} />
      <InputField label="New e-mail" name="newEmail" type="email" autoComplete="email" required />
      <InputField
        label="Your password"
        name="password"
        type="password"
        autoComplete="current-password"
        required
      />
      <Button type="submit" variant="outline" className="tg:justify-self-start" pending={pending}>
        Change address
      </Button>
    </form>
  )
}
