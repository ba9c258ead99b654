import type { Scope } from '@tollgate/core'

/**
 * Who may call a procedure. `public`: anybody. `user`: a session, about itself, or a key with the scope, which
 * then names the user. `key`: a key with the scope alone. `admin`: a session with the admin role, or, where a
 * scope is given too, a key with that scope.
 */
export type Rule =
  | { who: 'public' }
  | ({ who: 'user'; scope: Scope } & AsksStripe)
  | ({ who: 'key'; scope: Scope } & AsksStripe)
  | ({ who: 'admin'; scope?: Scope } & AsksStripe)

/** A call that may ask Stripe is limited by user. What anybody may call asks Stripe once a minute at most, for all. */
type AsksStripe = { asksStripe?: true }

const everybody: Rule = { who: 'public' }
const admin: Rule = { who: 'admin' }
const user = (scope: Scope): Rule => ({ who: 'user', scope })
const key = (scope: Scope): Rule => ({ who: 'key', scope })
const askingStripe = <R extends Rule>(rule: R): R & AsksStripe => ({ ...rule, asksStripe: true })
const adminOrKey = (scope: Scope): Rule => ({ who: 'admin', scope })

/** The one place that decides who may call what, and what is limited for asking Stripe. A procedure that is not listed is refused to all. */
export const access: Readonly<Record<string, Rule>> = {
  'billing.catalog': everybody,
  'billing.plans': everybody,
  'billing.checkout': askingStripe(user('billing:write')),
  'billing.buyPack': askingStripe(user('billing:write')),
  'billing.portal': askingStripe(user('billing:write')),
  'billing.changePlan': askingStripe(user('billing:write')),
  'billing.cancel': askingStripe(user('billing:write')),
  'billing.resume': askingStripe(user('billing:write')),
  'billing.sync': askingStripe(user('billing:write')),
  'billing.state': user('billing:read'),
  'billing.setOverageCap': user('billing:write'),
  'billing.subscription': user('billing:read'),
  'billing.quota': user('billing:read'),
  'billing.features': user('billing:read'),
  'billing.grants': user('billing:read'),
  'billing.usage': user('billing:read'),
  'billing.usageHistory': user('billing:read'),
  'billing.invoices': user('billing:read'),
  'billing.nextPayment': askingStripe(user('billing:read')),
  'billing.previewChange': askingStripe(user('billing:read')),
  'users.upsert': askingStripe(key('users:write')),
  'usage.record': key('usage:write'),
  'usage.recordBatch': key('usage:write'),
  'usage.consume': key('usage:write'),
  'usage.reserve': key('usage:write'),
  'usage.settle': key('usage:write'),
  'usage.release': key('usage:write'),
  'usage.void': adminOrKey('usage:correct'),
  'usage.check': key('usage:read'),
  'usage.events': adminOrKey('usage:read'),
  'admin.users': admin,
  'admin.user': admin,
  'admin.invoices': admin,
  'admin.accounts.revokeAdmin': admin,
  'admin.accounts.ban': admin,
  'admin.accounts.unban': admin,
  'admin.accounts.signOut': admin,
  'admin.accounts.erase': askingStripe(admin),
  'admin.apiKeys.create': admin,
  'admin.apiKeys.list': admin,
  'admin.apiKeys.revoke': admin,
  'admin.overview': admin,
  'admin.webhookEvents': admin,
  'admin.replayEvent': askingStripe(admin),
  'admin.reconcile': askingStripe(admin),
  'admin.setQuota': admin,
  'admin.setFeature': admin,
  'admin.grantCredits': admin,
  'admin.revokeGrant': admin,
  'admin.auditLog': admin,
}
