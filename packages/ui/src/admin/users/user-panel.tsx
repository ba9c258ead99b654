import { skipToken } from '@tanstack/react-query'
import { trpc } from '../../api/trpc.ts'
import type { UserDetails } from '../../api/types.ts'
import { Dialog } from '../../components/dialog.tsx'
import { ErrorNotice } from '../../components/notice.tsx'
import { Loading, Skeleton } from '../../components/skeleton.tsx'
import { UserEvents } from './user-events.tsx'
import { UserFacts } from './user-facts.tsx'
import { UserInvoices } from './user-invoices.tsx'
import { UserSubscriptions } from './user-subscriptions.tsx'
import { UserUsage } from './user-usage.tsx'

interface UserPanelProps {
  /** Null: closed. */
  userId: string | null
  onClose: () => void
}

/** Everything about one customer, beside the list. */
export function UserPanel({ userId, onClose }: UserPanelProps) {
  const user = trpc.admin.user.useQuery(userId === null ? skipToken : { userId })
  return (
    <Dialog
      look="panel"
      open={userId !== null}
      onOpenChange={(open) => !open && onClose()}
      title={user.data?.email ?? 'Customer'}
      description={user.data?.name ?? 'Subscription, usage, invoices and recent events'}
    >
      {user.data ? (
        <Details user={user.data} />
      ) : user.error ? (
        <ErrorNotice
          error={user.error}
          what="This customer could not be loaded"
          onRetry={() => void user.refetch()}
          retrying={user.isFetching}
        />
      ) : (
        <div className="grid gap-3">
          <Loading what="this customer" />
          <Skeleton className="h-5 w-64 max-w-full" />
          <Skeleton className="h-5 w-48 max-w-full" />
          <Skeleton className="mt-6 h-40 w-full" />
        </div>
      )}
    </Dialog>
  )
}

function Details({ user }: { user: UserDetails }) {
  return (
    <div className="grid grid-cols-1 gap-9 pt-2">
      <UserFacts user={user} />
      {user.subscriptions.length > 1 && <UserSubscriptions subscriptions={user.subscriptions} />}
      <UserUsage user={user} />
      <UserInvoices invoices={user.invoices} />
      <UserEvents events={user.events} />
    </div>
  )
}
