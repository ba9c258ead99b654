import { keepPreviousData } from '@tanstack/react-query'
import { useState } from 'react'
import { trpc } from '../../api/trpc.ts'
import type { PlanId } from '../../api/types.ts'
import { Card } from '../../components/card.tsx'
import { SearchField, SelectField } from '../../components/field.tsx'
import { subscriptionStatuses } from '../../dashboard/subscription-status.ts'
import { keysOf, planNames } from '../../format/names.ts'
import { PagedTable } from '../../tables/paged-table.tsx'
import { useDebounced } from '../use-debounced.ts'
import { useUrlParam } from '../use-url-param.ts'
import { userColumns } from './user-columns.tsx'
import { UserPanel } from './user-panel.tsx'

const plans = keysOf(planNames).map((value) => ({ value, name: planNames[value] }))

/** Every user with plan, status and this month's usage; a row opens all that is known about one. */
export function UsersTab() {
  const [search, setSearch] = useState('')
  const [plan, setPlan] = useState<PlanId | ''>('')
  const [status, setStatus] = useState('')
  const [openUser, setOpenUser] = useUrlParam('user')
  const [columns] = useState(() => userColumns(setOpenUser))
  const settled = useDebounced(search.trim())
  const users = trpc.admin.users.useInfiniteQuery(
    {
      limit: 25,
      ...(settled && { search: settled }),
      ...(plan && { plan }),
      ...(status && { status }),
    },
    { getNextPageParam: (page) => page.nextCursor, placeholderData: keepPreviousData },
  )
  const filtered = settled !== '' || plan !== '' || status !== ''
  return (
    <>
      <div className="mb-4 flex flex-wrap gap-3">
        <SearchField
          label="Search users"
          placeholder="E-mail, name or id"
          value={search}
          onChange={setSearch}
        />
        <SelectField label="Plan" all="All plans" value={plan} options={plans} onChange={setPlan} />
        <SelectField
          label="Status"
          all="All statuses"
          value={status}
          options={subscriptionStatuses}
          onChange={setStatus}
        />
      </div>
      <Card>
        <PagedTable
          query={users}
          what="users"
          columns={columns}
          rowKey={(user) => user.userId}
          empty={filtered ? 'No user matches. Try fewer filters.' : 'No users yet.'}
        />
      </Card>
      <UserPanel userId={openUser} onClose={() => setOpenUser(null)} />
    </>
  )
}
