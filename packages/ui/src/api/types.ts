import type { AppRouter } from '@tollgate/api'
import type { TRPCClient, TRPCClientErrorLike } from '@trpc/client'

type Client = TRPCClient<AppRouter>
type Output<P extends { query: (...input: never) => Promise<unknown> }> = Awaited<
  ReturnType<P['query']>
>

// What the router answers, by name. Nothing here is written by hand: it follows from the procedures.
export type Catalog = Output<Client['billing']['catalog']>
export type PlanOffer = Output<Client['billing']['plans']>[number]
export type Subscription = NonNullable<Output<Client['billing']['subscription']>>
export type ChangePreview = Output<Client['billing']['previewChange']>
export type Balance = Output<Client['billing']['usage']>['meters'][number]
export type DayUsage = Output<Client['billing']['usageHistory']>[number]
export type Invoice = Output<Client['billing']['invoices']>['items'][number]

export type UserRow = Output<Client['admin']['users']>['items'][number]
export type UserDetails = Output<Client['admin']['user']>
export type UserQuota = UserDetails['quota'][number]
export type UserEvent = UserDetails['events'][number]
export type CustomerInvoice = Output<Client['admin']['invoices']>['items'][number]
export type ApiKey = Output<Client['admin']['apiKeys']['list']>[number]
export type Scope = ApiKey['scopes'][number]
export type Overview = Output<Client['admin']['overview']>
export type InboxEvent = Output<Client['admin']['webhookEvents']>['items'][number]
export type Reconciliation = Awaited<ReturnType<Client['admin']['reconcile']['mutate']>>
export type DriftKind = Reconciliation['drift'][number]['kind']
export type AuditEntry = Output<Client['admin']['auditLog']>['items'][number]

export type ApiError = TRPCClientErrorLike<AppRouter>

/** A part of a list, newest first. */
export interface Page<T> {
  items: T[]
  nextCursor: string | null
}
