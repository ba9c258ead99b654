import { Button, InputField, Notice } from '@tollgate/ui'
import { useState } from 'react'
import { authClient } from '../../auth/client.ts'
import { NewPasswordField } from '../../auth/new-password-field.tsx'
import { useForm } from '../../auth/use-form.ts'
import { Failure, Panel } from './panel.tsx'

export function PasswordPanel({ onChanged }: { onChanged: () => void }) {
  const [changed, setChanged] = useState(false)
  const { failure, pending, submit } = useForm(async (fields) => {
    setChanged(false)
    const { error } = await authClient.changePassword({
      currentPassword: String(fields.get('currentPassword')),
      newPassword: String(fields.get('newPassword')),
      revokeOtherSessions: true,
    })
    if (!error) {
      setChanged(true)
      onChanged()
    }
    return error
  })
  return (
    <Panel title="Password" hint="A new password ends every other session.">
      <form onSubmit={submit} className="tg:grid tg:max-w-96 tg:gap-4">
        {changed && <Notice tone="success" title="Your password was changed" />}
        <Failure title="Your password was not changed" failure={failure} />
        <InputField
          label="Current password"
          name="currentPassword"
          type="password"
          autoComplete="current-password"
          required
        />
        <NewPasswordField label="New password" name="newPassword" />
        <Button type="submit" variant="outline" className="tg:justify-self-start" pending={pending}>
          Change password
        </Button>
      </form>
    </Panel>
  )
}
