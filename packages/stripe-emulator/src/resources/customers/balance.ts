import { ACCOUNT } from '../../core/account.ts'
import type { Context } from '../../core/context.ts'
import { notEmulated } from '../../core/errors.ts'
import { longId } from '../../core/ids.ts'
import type { Customer, CustomerBalanceTransaction } from '../../documents.ts'

/** A change of a customer's balance; a negative amount is a credit. */
export type BalanceChange = Pick<CustomerBalanceTransaction, 'amount' | 'type'> &
  Partial<
    Pick<
      CustomerBalanceTransaction,
      'credit_note' | 'currency' | 'description' | 'invoice' | 'metadata'
    >
  >

/**
 * Changes a customer's balance by an amount, writes the transaction, and gives a customer without a currency that of
 * the change (docs/stripe.md, fact 34). Sends no event.
 */
export function changeBalance(
  ctx: Context,
  customer: Customer,
  change: BalanceChange,
): { customer: Customer; transaction: CustomerBalanceTransaction } {
  const currency = change.currency ?? customer.currency ?? ACCOUNT.currency
  if (customer.currency !== null && customer.currency !== undefined) {
    if (customer.currency !== currency) {
      throw notEmulated("a balance in another currency than the customer's", 'currency')
    }
  }
  const after = ctx.patch('customers', customer.id, {
    balance: customer.balance + change.amount,
    currency,
  })
  const transaction = ctx.store.put('customer_balance_transactions', {
    id: longId('cbtxn'),
    object: 'customer_balance_transaction',
    amount: change.amount,
    checkout_session: null,
    created: ctx.timeOf(customer.test_clock),
    credit_note: change.credit_note ?? null,
    currency,
    customer: customer.id,
    customer_account: null,
    description: change.description ?? null,
    ending_balance: after.balance,
    invoice: change.invoice ?? null,
    livemode: false,
    metadata: change.metadata ?? {},
    type: change.type,
  })
  return { customer: after, transaction }
}

/** Like `changeBalance`, for a change that the customer did not ask for: sends `customer.updated`. */
export function changeBalanceOf(
  ctx: Context,
  customer: Customer,
  change: BalanceChange,
): CustomerBalanceTransaction {
  const { customer: after, transaction } = changeBalance(ctx, customer, change)
  ctx.emit('customer.updated', after, { balance: customer.balance })
  return transaction
}
