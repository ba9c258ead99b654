import { EnsureProvider } from '../api/provider.tsx'
import { Tabs, TabsContent, TabsList, TabsTrigger } from '../components/tabs.tsx'
import { AuditTab } from './audit-tab.tsx'
import { InvoicesTab } from './invoices-tab.tsx'
import { KeysTab } from './keys/keys-tab.tsx'
import { OverviewTab } from './overview/overview-tab.tsx'
import { StripeTab } from './stripe/stripe-tab.tsx'
import { useUrlParam } from './use-url-param.ts'
import { UsersTab } from './users/users-tab.tsx'

interface BillingAdminProps {
  /** Origin of the Tollgate server; '' where the page comes from it. */
  apiUrl: string
}

const tabs = [
  { value: 'overview', name: 'Overview', Content: OverviewTab },
  { value: 'users', name: 'Users', Content: UsersTab },
  { value: 'invoices', name: 'Invoices', Content: InvoicesTab },
  { value: 'stripe', name: 'Stripe', Content: StripeTab },
  { value: 'keys', name: 'API keys', Content: KeysTab },
  { value: 'audit', name: 'Audit log', Content: AuditTab },
]

/**
 * The operator's billing page: how the business stands, every user with plan, status and usage, all invoices, what
 * Stripe sent and whether our rows are Stripe's, API keys, and who changed what. Wants an admin: put it inside an AdminGuard.
 */
export function BillingAdmin({ apiUrl }: BillingAdminProps) {
  const [param, setParam] = useUrlParam('tab')
  const open = tabs.find((tab) => tab.value === param)?.value ?? 'overview'
  return (
    <EnsureProvider apiUrl={apiUrl}>
      <div className="text-foreground">
        <h1 className="font-semibold text-2xl tracking-tight sm:text-3xl">Billing admin</h1>
        <p className="mt-1.5 text-muted-foreground">
          Customers, invoices, Stripe, keys and changes. All times are UTC.
        </p>
        <Tabs value={open} onValueChange={setParam} className="mt-8">
          <TabsList aria-label="Billing admin">
            {tabs.map(({ value, name }) => (
              <TabsTrigger key={value} value={value}>
                {name}
              </TabsTrigger>
            ))}
          </TabsList>
          {tabs.map(({ value, Content }) => (
            <TabsContent key={value} value={value}>
              <Content />
            </TabsContent>
          ))}
        </Tabs>
      </div>
    </EnsureProvider>
  )
}
