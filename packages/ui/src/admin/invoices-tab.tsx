import { keepPreviousData } from '@tanstack/react-query'
import type { ColumnDef } from '@tanstack/react-table'
import { useState } from 'react'
import { trpc } from '../api/trpc.ts'
import type { CustomerInvoice } from '../api/types.ts'
import { Card } from '../components/card.tsx'
import { Filter, SearchField } from '../components/field.tsx'
import { invoiceColumns } from '../invoices/invoice-columns.tsx'
import { invoiceStatuses } from '../invoices/invoice-status.ts'
import { PagedTable } from '../tables/paged-table.tsx'
import { useDebounced } from './use-debounced.ts'

const customer: ColumnDef<CustomerInvoice> = {
  id: 'customer',
  header: 'Customer',
  meta: { bare: true },
  cell: ({ row }) => (
    <span className="tg:block tg:max-w-64 tg:truncate">{row.original.email || 'Erased'}</span>
  ),
}

const [number, ...others] = invoiceColumns<CustomerInvoice>()
const columns = number ? [number, customer, ...others] : [customer]

/** All customers' invoices, newest first. */
export function InvoicesTab() {
  const [search, setSearch] = useState('')
  const [status, setStatus] = useState('')
  const settled = useDebounced(search.trim())
  const invoices = trpc.admin.invoices.useInfiniteQuery(
    { limit: 25, ...(settled && { search: settled }), ...(status && { status }) },
    { getNextPageParam: (page) => page.nextCursor, placeholderData: keepPreviousData },
  )
  const filtered = settled !== '' || status !== ''
  return (
    <>
      <div className="tg:mb-4 tg:flex tg:flex-wrap tg:gap-3">
        <SearchField
          label="Search invoices"
          placeholder="E-mail or number"
          value={search}
          onChange={setSearch}
        />
        <Filter
          label="Status"
          all="All statuses"
          value={status}
          options={invoiceStatuses}
          onChange={setStatus}
        />
      </div>
      <Card>
        <PagedTable
          query={invoices}
          what="invoices"
          columns={columns}
          rowKey={(invoice) => invoice.id}
          empty={filtered ? 'No invoice matches. Try fewer filters.' : 'No invoices yet.'}
        />
      </Card>
    </>
  )
}
