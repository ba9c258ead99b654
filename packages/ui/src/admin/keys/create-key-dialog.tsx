import { trpc } from '../../api/trpc.ts'
import { Button } from '../../components/button.tsx'
import { CopyButton } from '../../components/copy-button.tsx'
import { Dialog, DialogClose } from '../../components/dialog.tsx'
import { Notice } from '../../components/notice.tsx'
import { CreateKeyForm } from './create-key-form.tsx'

interface CreateKeyDialogProps {
  open: boolean
  onClose: () => void
}

/** Makes a key, and shows it the one time that it can be seen. */
export function CreateKeyDialog({ open, onClose }: CreateKeyDialogProps) {
  const utils = trpc.useUtils()
  const create = trpc.admin.apiKeys.create.useMutation({
    onSuccess: async () => {
      await utils.admin.apiKeys.list.invalidate()
      await utils.admin.auditLog.invalidate()
    },
  })
  const close = () => {
    create.reset()
    onClose()
  }
  return (
    <Dialog
      open={open}
      onOpenChange={(stillOpen) => !stillOpen && close()}
      title={create.data ? 'Your new API key' : 'Create API key'}
      description={
        create.data
          ? `“${create.variables.name}” is ready to use.`
          : 'For one app: give it only the scopes that it needs.'
      }
    >
      {create.data ? (
        <NewKey value={create.data.key} />
      ) : (
        <CreateKeyForm error={create.error} pending={create.isPending} onCreate={create.mutate} />
      )}
    </Dialog>
  )
}

function NewKey({ value }: { value: string }) {
  return (
    <div className="tg:grid tg:gap-4">
      <div className="tg:flex tg:items-center tg:gap-2 tg:rounded-md tg:border tg:border-border tg:bg-muted/50 tg:py-2 tg:pr-2 tg:pl-3">
        <code
          data-testid="new-api-key"
          className="tg:wrap-anywhere tg:min-w-0 tg:flex-1 tg:font-mono tg:text-sm"
        >
          {value}
        </code>
        <CopyButton text={value} label="Copy API key" />
      </div>
      <Notice tone="warning" title="Copy it now">
        It is not stored and can’t be shown again. Keep it out of code and browsers.
      </Notice>
      <DialogClose asChild>
        <Button className="tg:justify-self-end">Done</Button>
      </DialogClose>
    </div>
  )
}
