import { type FormEvent, useState } from 'react'
import { trpc } from '../../../api/trpc.ts'
import { Button } from '../../../components/button.tsx'
import { Dialog, DialogClose } from '../../../components/dialog.tsx'
import { InputField } from '../../../components/field.tsx'
import { ErrorNotice } from '../../../components/notice.tsx'
import { type AccountActionName, accountActionTexts } from './account-actions.ts'

interface AccountActionDialogProps {
  action: AccountActionName
  user: { userId: string; email: string }
  onClose: () => void
}

/** Asks for the reason before it does something to somebody's account. */
export function AccountActionDialog({ action, user, onClose }: AccountActionDialogProps) {
  const [reason, setReason] = useState('')
  const { button, title, description } = accountActionTexts[action]
  const mutation = useAccountAction(action, onClose)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!mutation.isPending) mutation.mutate({ userId: user.userId, reason })
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title(user.email)}
      description={description}
    >
      <form onSubmit={submit} className="tg:grid tg:gap-4">
        {mutation.error && <ErrorNotice error={mutation.error} what="That was not done" />}
        <InputField
          label="Reason"
          hint="Kept in the audit log, with your name"
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          maxLength={255}
          required
        />
        <div className="tg:flex tg:flex-wrap tg:justify-end tg:gap-3">
          <DialogClose asChild>
            <Button variant="outline">Close</Button>
          </DialogClose>
          <Button
            type="submit"
            variant={action === 'unban' ? 'primary' : 'destructive'}
            pending={mutation.isPending}
          >
            {button}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

/** The mutation of an action. All of them take and answer the same. */
function useAccountAction(action: AccountActionName, onDone: () => void) {
  const utils = trpc.useUtils()
  const onSuccess = async () => {
    await utils.admin.user.invalidate()
    await utils.admin.users.invalidate()
    await utils.admin.auditLog.invalidate()
    onDone()
  }
  const mutations = {
    revokeAdmin: trpc.admin.accounts.revokeAdmin.useMutation({ onSuccess }),
    ban: trpc.admin.accounts.ban.useMutation({ onSuccess }),
    unban: trpc.admin.accounts.unban.useMutation({ onSuccess }),
    signOut: trpc.admin.accounts.signOut.useMutation({ onSuccess }),
    erase: trpc.admin.accounts.erase.useMutation({ onSuccess }),
  }
  return mutations[action]
}
