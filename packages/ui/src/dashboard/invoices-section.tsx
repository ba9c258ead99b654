import { trpc } from '../api/trpc.ts'
import type { Invoice } from '../api/types.ts'
import { Card, Section } from '../components/card.tsx'
import { invoiceColumns } from '../invoices/invoice-columns.tsx'
import { PagedTable } from '../tables/paged-table.tsx'

const columns = invoiceColumns<Invoice>()

/** The customer's invoices, newest first. */
export function InvoicesSection() {
  const invoices = trpc.billing.invoices.useInfiniteQuery(
    { limit: 12 },
    { getNextPageParam: (page) => page.nextCursor },
  )
  return (
    <Section title="Invoices">
      <Card>
        <PagedTable
          query={invoices}
          what="invoices"
          columns={columns}
          rowKey={(invoice) => invoice.id}
          empty="No invoices yet. They appear here after your first payment."
        />
      </Card>
    </Section>
  )
}
