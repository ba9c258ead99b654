import { skipToken } from '@tanstack/react-query'
import { trpc } from '../../api/trpc.ts'
import type { Catalog, UserDetails } from '../../api/types.ts'
import { Dialog } from '../../components/dialog.tsx'
import { ErrorNotice } from '../../components/notice.tsx'
import { Loading, Skeleton } from '../../components/skeleton.tsx'
import { UserAccount } from './account/user-account.tsx'
import { FormerUsage } from './former-usage.tsx'
import { UserEvents } from './user-events.tsx'
import { UserFacts } from './user-facts.tsx'
import { UserInvoices } from './user-invoices.tsx'
import { UserSubscriptions } from './user-subscriptions.tsx'
import { UserFeatures, UserUsage } from './user-usage.tsx'

interface UserPanelProps {
  catalog: Catalog
  /** Null when it is closed. */
  userId: string | null
  onClose: () => void
}

/** Everything about one customer, in a panel beside the list. */
export function UserPanel({ catalog, userId, onClose }: UserPanelProps) {
  const user = trpc.admin.user.useQuery(userId === null ? skipToken : { userId })
  return (
    <Dialog
      look="panel"
      open={userId !== null}
      onOpenChange={(open) => !open && onClose()}
      title={user.data?.email || (user.data ? 'Erased' : 'Customer')}
      description={user.data?.name ?? 'Subscription, usage, invoices and recent events'}
    >
      {user.data ? (
        <Details catalog={catalog} user={user.data} />
      ) : user.error ? (
        <ErrorNotice
          error={user.error}
          what="This customer could not be loaded"
          onRetry={() => void user.refetch()}
          retrying={user.isFetching}
        />
      ) : (
        <div className="tg:grid tg:gap-3">
          <Loading what="this customer" />
          <Skeleton className="tg:h-5 tg:w-64 tg:max-w-full" />
          <Skeleton className="tg:h-5 tg:w-48 tg:max-w-full" />
          <Skeleton className="tg:mt-6 tg:h-40 tg:w-full" />
        </div>
      )}
    </Dialog>
  )
}

function Details({ catalog, user }: { catalog: Catalog; user: UserDetails }) {
  return (
    <div className="tg:grid tg:grid-cols-1 tg:gap-9 tg:pt-2">
      <UserFacts catalog={catalog} user={user} />
      <UserAccount user={user} />
      {user.subscriptions.length > 1 && (
        <UserSubscriptions catalog={catalog} subscriptions={user.subscriptions} />
      )}
      <UserUsage catalog={catalog} user={user} />
      <UserFeatures catalog={catalog} user={user} />
      {user.formerUsage.length > 0 && <FormerUsage usage={user.formerUsage} />}
      <UserInvoices invoices={user.invoices} />
      <UserEvents catalog={catalog} events={user.events} />
    </div>
  )
}
