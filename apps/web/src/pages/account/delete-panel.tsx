import { useNavigate } from '@tanstack/react-router'
import { Button, InputField } from '@tollgate/ui'
import { useState } from 'react'
import { authClient } from '../../auth/client.ts'
import { useForm } from '../../auth/use-form.ts'
import { Failure, Panel } from './panel.tsx'

export function DeletePanel() {
  const [asking, setAsking] = useState(false)
  return (
    <Panel
      title="Delete account"
      hint="Your subscription ends now, without a refund. Your name, your address and your sessions are erased. Usage and invoices are kept without them, as the law asks."
    >
      {asking ? (
        <Confirm onKeep={() => setAsking(false)} />
      ) : (
        <Button
          variant="destructive"
          className="tg:justify-self-start"
          onClick={() => setAsking(true)}
        >
          Delete account
        </Button>
      )}
    </Panel>
  )
}

function Confirm({ onKeep }: { onKeep: () => void }) {
  const navigate = useNavigate()
  const { failure, pending, submit } = useForm(
    async (fields) => {
      const password = String(fields.get('password'))
      const { error } = await authClient.deleteUser({ password })
      if (error) return error
      await navigate({ to: '/' })
      window.location.reload()
      return null
    },
    { keepsPending: true },
  )
  return (
    <form onSubmit={submit} className="tg:grid tg:max-w-96 tg:gap-4">
      <Failure title="Your account was not deleted" failure={failure} />
      <InputField
        label="Your password"
        name="password"
        type="password"
        autoComplete="current-password"
        hint="Deleting can’t be undone."
        required
        autoFocus
      />
      <div className="tg:flex tg:flex-wrap tg:gap-3">
        <Button type="submit" variant="destructive" pending={pending}>
          Delete for good
        </Button>
        <Button variant="outline" onClick={onKeep}>
          Keep account
        </Button>
      </div>
    </form>
  )
}
