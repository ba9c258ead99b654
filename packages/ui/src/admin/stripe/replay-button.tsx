import { RotateCw } from 'lucide-react'
import { describeError } from '../../api/errors.ts'
import { trpc } from '../../api/trpc.ts'
import type { InboxEvent } from '../../api/types.ts'
import { Button } from '../../components/button.tsx'

/** Runs an event again. Safe in any state: it fetches the current state from Stripe. */
export function ReplayButton({ event }: { event: InboxEvent }) {
  const utils = trpc.useUtils()
  const replay = trpc.admin.replayEvent.useMutation({
    onSettled: async () => {
      await utils.admin.invalidate()
    },
  })
  return (
    <div className="tg:inline-flex tg:flex-col tg:items-end tg:gap-1">
      <Button
        variant="outline"
        size="small"
        pending={replay.isPending}
        aria-label={`Run ${event.type} ${event.id} again`}
        onClick={() => replay.mutate({ eventId: event.id })}
      >
        {!replay.isPending && <RotateCw aria-hidden />}
        Run again
      </Button>
      {replay.error && (
        <p role="alert" className="tg:max-w-48 tg:text-destructive tg:text-xs">
          {describeError(replay.error).message}
        </p>
      )}
    </div>
  )
}
