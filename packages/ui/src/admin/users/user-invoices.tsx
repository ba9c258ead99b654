import type { Invoice } from '../../api/types.ts'
import { invoiceColumns } from '../../invoices/invoice-columns.tsx'
import { DataTable } from '../../tables/data-table.tsx'
import { PanelSection } from './panel-section.tsx'

const columns = invoiceColumns<Invoice>()

/** The customer's latest invoices. */
export function UserInvoices({ invoices }: { invoices: Invoice[] }) {
  return (
    <PanelSection title="Invoices">
      {invoices.length === 0 ? (
        <p className="tg:text-muted-foreground tg:text-sm">No invoices yet.</p>
      ) : (
        <div className="tg:rounded-lg tg:border tg:border-border">
          <DataTable
            label="Invoices of this customer"
            columns={columns}
            rows={invoices}
            rowKey={(invoice) => invoice.id}
          />
        </div>
      )}
    </PanelSection>
  )
}
