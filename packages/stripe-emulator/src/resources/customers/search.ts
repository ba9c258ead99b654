import type { Customer } from '../../documents.ts'
import type { Searchable } from '../../http/params/search-params.ts'

/** The fields of a customer that a search can ask for (docs.stripe.com/search). */
export const searchableCustomers: Searchable<Customer> = {
  resource: 'customers',
  fields: {
    created: { type: 'numeric', of: (customer) => customer.created },
    email: { type: 'string', of: (customer) => customer.email },
    name: { type: 'string', of: (customer) => customer.name },
    phone: { type: 'string', of: (customer) => customer.phone },
  },
}
