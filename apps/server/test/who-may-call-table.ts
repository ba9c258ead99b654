import type { Scope } from '@tollgate/core'

/** Who calls, in the words of the contract's "Who may call". */
export const callers = [
  'nobody',
  'customer',
  'otherCustomer',
  'admin',
  'keyWithScope',
  'keyWithoutScope',
  'foreignOrigin',
  'formEncoded',
] as const

export type CallerName = (typeof callers)[number]

/** `ok`: it goes ahead; otherwise the contract's error code. */
type Expected = Readonly<Record<CallerName, string>>

const unauthenticated = { nobody: 'UNAUTHENTICATED' }
const sessions = (customer: string, otherCustomer: string, admin: string) => ({
  customer,
  otherCustomer,
  admin,
})
const keys = (keyWithScope: string, keyWithoutScope: string) => ({ keyWithScope, keyWithoutScope })

/** A page of another origin may send a read, whose answer the browser keeps from it; a form can't read. */
const read = { foreignOrigin: 'ok', formEncoded: 'METHOD_NOT_ALLOWED' }
const change = { foreignOrigin: 'FORBIDDEN', formEncoded: 'FORBIDDEN' }

const anybodyReads: Expected = {
  nobody: 'ok',
  ...sessions('ok', 'ok', 'ok'),
  ...keys('ok', 'ok'),
  ...read,
}
const ownRead: Expected = {
  ...unauthenticated,
  ...sessions('ok', 'FORBIDDEN', 'FORBIDDEN'),
  ...keys('ok', 'FORBIDDEN'),
  ...read,
}
const ownChange: Expected = { ...ownRead, ...change }
const keyChanges: Expected = {
  ...unauthenticated,
  ...sessions('FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN'),
  ...keys('ok', 'FORBIDDEN'),
  ...change,
}
/** A query that REST takes as a POST. */
const keyReads: Expected = { ...keyChanges, foreignOrigin: 'FORBIDDEN' }
const adminReads: Expected = {
  ...unauthenticated,
  ...sessions('FORBIDDEN', 'FORBIDDEN', 'ok'),
  ...keys('FORBIDDEN', 'FORBIDDEN'),
  ...read,
}
const adminChanges: Expected = { ...adminReads, ...change }
const adminOrKeyReads: Expected = { ...adminReads, ...keys('ok', 'FORBIDDEN') }
const adminOrKeyChanges: Expected = { ...adminChanges, ...keys('ok', 'FORBIDDEN') }

export interface Row {
  type: 'query' | 'mutation'
  /** Where REST has it, if it does. */
  rest?: string
  scope?: Scope
  input: Readonly<Record<string, unknown>>
  expected: Expected
  /** What a call that may go ahead runs into, where it can't succeed here. */
  meets?: string
}

/** What the calls are about: things of one customer that exist, and a fresh key for each call. */
export interface Things {
  userId: string
  /** A subject that only keys and admins have to do with. */
  meteredId: string
  usageId: string
  reservationId: string
  keyId: string
  /** Sign-in accounts that nobody else here uses; the second one will be erased. */
  accountId: string
  erasableId: string
  fresh: () => string
}

/** Every procedure of the router: a new one fails the test until it stands here. */
export function whoMayCall({
  userId,
  meteredId,
  usageId,
  reservationId,
  keyId,
  accountId,
  erasableId,
  fresh,
}: Things) {
  const account = { userId: accountId, reason: 'as the contract says' }
  const use = { userId: meteredId, meter: 'tokens', amount: 1 }
  const dates = { from: '2026-01-01', to: '2026-01-31' }
  const read = 'billing:read'
  const write = 'billing:write'
  // biome-ignore format: a table
  return {
    'billing.catalog': { type: 'query', rest: 'GET /api/billing/catalog', input: {}, expected: anybodyReads },
    'billing.plans': { type: 'query', rest: 'GET /api/billing/plans', input: {}, expected: anybodyReads },
    'billing.checkout': { type: 'mutation', rest: 'POST /api/billing/checkout', scope: write, input: { userId, plan: 'pro' }, expected: ownChange },
    'billing.buyPack': { type: 'mutation', rest: 'POST /api/billing/buy-pack', scope: write, input: { userId, pack: 'none' }, expected: ownChange, meets: 'NOT_FOUND' },
    'billing.portal': { type: 'mutation', rest: 'POST /api/billing/portal', scope: write, input: { userId }, expected: ownChange },
    'billing.sync': { type: 'mutation', rest: 'POST /api/billing/sync', scope: write, input: { userId }, expected: ownChange },
    'billing.subscription': { type: 'query', rest: 'GET /api/billing/subscription', scope: read, input: { userId }, expected: ownRead },
    'billing.quota': { type: 'query', rest: 'GET /api/billing/quota', scope: read, input: { userId }, expected: ownRead },
    'billing.state': { type: 'query', rest: 'GET /api/billing/state', scope: read, input: { userId }, expected: ownRead },
    'billing.features': { type: 'query', rest: 'GET /api/billing/features', scope: read, input: { userId }, expected: ownRead },
    'billing.grants': { type: 'query', rest: 'GET /api/billing/grants', scope: read, input: { userId }, expected: ownRead },
    'billing.usage': { type: 'query', rest: 'GET /api/billing/usage', scope: read, input: { userId }, expected: ownRead },
    'billing.usageHistory': { type: 'query', rest: 'GET /api/billing/usage-history', scope: read, input: { userId, ...dates }, expected: ownRead },
    'billing.invoices': { type: 'query', rest: 'GET /api/billing/invoices', scope: read, input: { userId, limit: 5 }, expected: ownRead },
    'billing.nextPayment': { type: 'query', rest: 'GET /api/billing/next-payment', scope: read, input: { userId }, expected: ownRead },
    'billing.previewChange': { type: 'query', rest: 'GET /api/billing/preview-change', scope: read, input: { userId, plan: 'pro' }, expected: ownRead, meets: 'NO_SUBSCRIPTION' },
    'billing.changePlan': { type: 'mutation', rest: 'POST /api/billing/change-plan', scope: write, input: { userId, plan: 'pro' }, expected: ownChange, meets: 'NO_SUBSCRIPTION' },
    'billing.cancel': { type: 'mutation', rest: 'POST /api/billing/cancel', scope: write, input: { userId }, expected: ownChange, meets: 'NO_SUBSCRIPTION' },
    'billing.resume': { type: 'mutation', rest: 'POST /api/billing/resume', scope: write, input: { userId }, expected: ownChange, meets: 'NO_SUBSCRIPTION' },
    'billing.setOverageCap': { type: 'mutation', rest: 'POST /api/billing/set-overage-cap', scope: write, input: { userId, meter: 'tokens', amountMinor: 0 }, expected: ownChange, meets: 'VALIDATION' },
    'users.upsert': { type: 'mutation', rest: 'PUT /api/users/{userId}', scope: 'users:write', input: { userId: 'subject', email: 's@example.com' }, expected: keyChanges },
    'usage.record': { type: 'mutation', rest: 'POST /api/usage/record', scope: 'usage:write', input: { ...use, idempotencyKey: fresh() }, expected: keyChanges },
    'usage.recordBatch': { type: 'mutation', rest: 'POST /api/usage/record-batch', scope: 'usage:write', input: { events: [{ ...use, idempotencyKey: fresh() }] }, expected: keyChanges },
    'usage.consume': { type: 'mutation', rest: 'POST /api/usage/consume', scope: 'usage:write', input: { ...use, idempotencyKey: fresh() }, expected: keyChanges },
    'usage.reserve': { type: 'mutation', rest: 'POST /api/usage/reserve', scope: 'usage:write', input: { ...use, idempotencyKey: fresh() }, expected: keyChanges },
    'usage.settle': { type: 'mutation', rest: 'POST /api/usage/settle', scope: 'usage:write', input: { reservationId, amount: 1 }, expected: keyChanges },
    'usage.release': { type: 'mutation', rest: 'POST /api/usage/release', scope: 'usage:write', input: { reservationId }, expected: keyChanges, meets: 'RESERVATION_CLOSED' },
    'usage.void': { type: 'mutation', rest: 'POST /api/usage/void', scope: 'usage:correct', input: { usageId, reason: 'counted by mistake' }, expected: adminOrKeyChanges },
    'usage.check': { type: 'query', rest: 'POST /api/usage/check', scope: 'usage:read', input: use, expected: keyReads },
    'usage.events': { type: 'query', rest: 'GET /api/usage/events', scope: 'usage:read', input: { userId: meteredId, limit: 5 }, expected: adminOrKeyReads },
    'admin.users': { type: 'query', rest: 'GET /api/billing/admin/users', input: {}, expected: adminReads },
    'admin.user': { type: 'query', input: { userId }, expected: adminReads },
    'admin.invoices': { type: 'query', rest: 'GET /api/billing/admin/invoices', input: {}, expected: adminReads },
    'admin.overview': { type: 'query', input: {}, expected: adminReads },
    'admin.webhookEvents': { type: 'query', input: {}, expected: adminReads },
    'admin.replayEvent': { type: 'mutation', input: { eventId: 'evt_none' }, expected: adminChanges, meets: 'NOT_FOUND' },
    'admin.reconcile': { type: 'mutation', input: { dryRun: true }, expected: adminChanges },
    'admin.accounts.revokeAdmin': { type: 'mutation', rest: 'POST /api/billing/admin/accounts/revoke-admin', input: account, expected: adminChanges },
    'admin.accounts.signOut': { type: 'mutation', rest: 'POST /api/billing/admin/accounts/sign-out', input: account, expected: adminChanges },
    'admin.accounts.ban': { type: 'mutation', rest: 'POST /api/billing/admin/accounts/ban', input: account, expected: adminChanges },
    'admin.accounts.unban': { type: 'mutation', rest: 'POST /api/billing/admin/accounts/unban', input: account, expected: adminChanges },
    'admin.accounts.erase': { type: 'mutation', rest: 'POST /api/billing/admin/accounts/erase', input: { ...account, userId: erasableId }, expected: adminChanges },
    'admin.apiKeys.create': { type: 'mutation', input: { name: 'made', scopes: ['usage:read'] }, expected: adminChanges },
    'admin.apiKeys.list': { type: 'query', input: {}, expected: adminReads },
    'admin.apiKeys.revoke': { type: 'mutation', input: { id: keyId }, expected: adminChanges },
    'admin.setQuota': { type: 'mutation', input: { userId: meteredId, meter: 'tokens', limit: 5, reason: 'a favour' }, expected: adminChanges },
    'admin.setFeature': { type: 'mutation', input: { userId: meteredId, feature: 'sso', value: true, reason: 'a favour' }, expected: adminChanges, meets: 'VALIDATION' },
    'admin.grantCredits': { type: 'mutation', rest: 'POST /api/billing/admin/grant-credits', input: { userId: meteredId, meter: 'tokens', amount: 5, reason: 'a favour', idempotencyKey: 'granted' }, expected: adminChanges },
    'admin.revokeGrant': { type: 'mutation', rest: 'POST /api/billing/admin/revoke-grant', input: { grantId: 'none', reason: 'a mistake' }, expected: adminChanges, meets: 'NOT_FOUND' },
    'admin.auditLog': { type: 'query', input: {}, expected: adminReads },
  } as const satisfies Record<string, Row>
}
