/** One thing that `pushPlans` did, or would do. */
export interface PushStep {
  action: 'create' | 'update' | 'keep'
  object: 'product' | 'price' | 'portal' | 'webhook'
  /** Null for what is not of one plan. */
  plan: string | null
  /** Stripe's id; null for one that is still to be created, or is not wanted. */
  id: string | null
  /** What it is for, as a line for the operator. */
  detail: string
  /** The signing secret of a webhook endpoint that was created: Stripe tells it this once. */
  secret?: string
}

/** A step, and how it is done; without `apply` there is nothing to do. */
export interface PlannedStep {
  step: PushStep
  apply?: () => Promise<Partial<PushStep>>
}
