import { keepPreviousData } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { trpc } from '../../api/trpc.ts'
import type { Catalog } from '../../api/types.ts'
import { Card } from '../../components/card.tsx'
import { Filter, SearchField } from '../../components/field.tsx'
import { currentStatuses } from '../../dashboard/subscription-status.ts'
import { PagedTable } from '../../tables/paged-table.tsx'
import { useDebounced } from '../use-debounced.ts'
import { useUrlParam } from '../use-url-param.ts'
import { userColumns } from './user-columns.tsx'
import { UserPanel } from './user-panel.tsx'

/** Every user with plan, status and this month's usage. A row opens everything that is known about one user. */
export function UsersTab({ catalog }: { catalog: Catalog }) {
  const [search, setSearch] = useState('')
  const [plan, setPlan] = useState('')
  const [status, setStatus] = useState('')
  const [openUser, setOpenUser] = useUrlParam('user')
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
  const columns = useMemo(() => userColumns(catalog, setOpenUser), [catalog, setOpenUser])
  const plans = catalog.plans.map(({ id, name }) => ({ value: id, name }))
  const filtered = settled !== '' || plan !== '' || status !== ''
  return (
    <>
      <div className="tg:mb-4 tg:flex tg:flex-wrap tg:gap-3">
        <SearchField
          label="Search users"
          placeholder="E-mail, name or id"
          value={search}
          onChange={setSearch}
        />
        <Filter label="Plan" all="All plans" value={plan} options={plans} onChange={setPlan} />
        <Filter
          label="Status"
          all="All statuses"
          value={status}
          options={currentStatuses}
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
      <UserPanel catalog={catalog} userId={openUser} onClose={() => setOpenUser(null)} />
    </>
  )
}
