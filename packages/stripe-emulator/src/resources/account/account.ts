import { ACCOUNT } from '../../core/account.ts'
import type { Context } from '../../core/context.ts'
import { token } from '../../core/ids.ts'
import type { Account } from '../../documents.ts'

/** The one account of this state; created on first use, so that another data file is another account. */
export function accountOf(ctx: Context): Account {
  const [existing] = ctx.store.newest('accounts')
  return (
    existing ??
    ctx.store.put('accounts', {
      id: `acct_1${token(15)}`,
      object: 'account',
      business_type: null,
      charges_enabled: true,
      country: ACCOUNT.country,
      created: ctx.now,
      default_currency: ACCOUNT.currency,
      details_submitted: true,
      email: null,
      payouts_enabled: true,
      type: 'standard',
    })
  )
}
