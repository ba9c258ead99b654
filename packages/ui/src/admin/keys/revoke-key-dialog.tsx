import { trpc } from '../../api/trpc.ts'
import type { ApiKey } from '../../api/types.ts'
import { Button } from '../../components/button.tsx'
import { Dialog, DialogClose } from '../../components/dialog.tsx'
import { ErrorNotice } from '../../components/notice.tsx'

interface RevokeKeyDialogProps {
  /** Null: closed. */
  apiKey: ApiKey | null
  onClose: () => void
}

/** Asks before a key is taken back: there is no way to undo it. */
export function RevokeKeyDialog({ apiKey, onClose }: RevokeKeyDialogProps) {
  const utils = trpc.useUtils()
  const revoke = trpc.admin.apiKeys.revoke.useMutation({
    onSuccess: async () => {
      await utils.admin.apiKeys.list.invalidate()
      await utils.admin.auditLog.invalidate()
      close()
    },
  })
  const close = () => {
    revoke.reset()
    onClose()
  }
  return (
    <Dialog
      open={apiKey !== null}
      onOpenChange={(open) => !open && close()}
      title={`Revoke “${apiKey?.name ?? ''}”?`}
      description="Apps that use this key are refused within 10 seconds. This can’t be undone."
    >
      {revoke.error && (
        <ErrorNotice error={revoke.error} what="The key could not be revoked" className="tg:mb-4" />
      )}
      <div className="tg:flex tg:flex-wrap tg:justify-end tg:gap-3 tg:pt-2">
        <DialogClose asChild>
          <Button variant="outline">Keep it</Button>
        </DialogClose>
        <Button
          variant="destructive"
          pending={revoke.isPending}
          onClick={() => apiKey && revoke.mutate({ id: apiKey.id })}
        >
          Revoke key
        </Button>
      </div>
    </Dialog>
  )
}
