/** Amounts are in the minor unit of `currency`. Instants are ISO 8601, UTC. */
export interface Invoice {
  id: string
  /** Null until it is finalised. */
  number: string | null
  /** Stripe's: draft, open, paid, uncollectible or void. */
  status: string
  currency: string
  total: number
  amountPaid: number
  amountDue: number
  amountRefunded: number
  /** By when an invoice that is sent has to be paid. */
  dueAt: string | null
  /** Stripe's, of a dispute about its payment; null: there is none. One that is `lost` counts as not paid. */
  disputeStatus: string | null
  /** What is in dispute, or was lost to one. */
  amountDisputed: number
  createdAt: string
  periodStart: string
  periodEnd: string
  hostedUrl: string | null
  pdfUrl: string | null
}

/** An invoice with the user who is billed by it. */
export interface OwnedInvoice extends Invoice {
  userId: string
  email: string
}
