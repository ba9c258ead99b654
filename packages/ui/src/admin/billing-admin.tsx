import type { ComponentType } from 'react'
import { EnsureProvider } from '../api/provider.tsx'
import type { Catalog } from '../api/types.ts'
import { useCatalog } from '../api/use-catalog.ts'
import { ErrorNotice } from '../components/notice.tsx'
import { Root } from '../components/root.tsx'
import { Skeleton } from '../components/skeleton.tsx'
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

interface Tab {
  value: string
  name: string
  Content: ComponentType<{ catalog: Catalog }>
}

const tabs: readonly Tab[] = [
  { value: 'overview', name: 'Overview', Content: OverviewTab },
  { value: 'users', name: 'Users', Content: UsersTab },
  { value: 'invoices', name: 'Invoices', Content: InvoicesTab },
  { value: 'stripe', name: 'Stripe', Content: StripeTab },
  { value: 'keys', name: 'API keys', Content: KeysTab },
  { value: 'audit', name: 'Audit log', Content: AuditTab },
]

/**
 * The operator's billing page: revenue and problems, every user with plan, status and usage, all invoices, the events
 * that Stripe sent, differences from Stripe, API keys, and who changed what. Needs an admin: put it inside an
 * AdminGuard.
 */
export function BillingAdmin({ apiUrl }: BillingAdminProps) {
  return (
    <EnsureProvider apiUrl={apiUrl}>
      <Root>
        <h1 className="tg:font-semibold tg:text-2xl tg:tracking-tight tg:sm:text-3xl">
          Billing admin
        </h1>
        <p className="tg:mt-1.5 tg:text-muted-foreground">
          Customers, invoices, Stripe, keys and changes. All times are UTC.
        </p>
        <AdminTabs />
      </Root>
    </EnsureProvider>
  )
}

function AdminTabs() {
  const [param, setParam] = useUrlParam('tab')
  const catalog = useCatalog()
  const open = tabs.find((tab) => tab.value === param)?.value ?? 'overview'
  return (
    <Tabs value={open} onValueChange={setParam} className="tg:mt-8">
      <TabsList aria-label="Billing admin">
        {tabs.map(({ value, name }) => (
          <TabsTrigger key={value} value={value}>
            {name}
          </TabsTrigger>
        ))}
      </TabsList>
      {tabs.map(({ value, Content }) => (
        <TabsContent key={value} value={value}>
          {catalog.data ? (
            <Content catalog={catalog.data} />
          ) : catalog.error ? (
            <ErrorNotice
              error={catalog.error}
              what="The names of meters and plans could not be loaded"
              onRetry={() => void catalog.refetch()}
              retrying={catalog.isFetching}
            />
          ) : (
            <Skeleton className="tg:h-40 tg:w-full" />
          )}
        </TabsContent>
      ))}
    </Tabs>
  )
}
