/** One thing that `pushPlans` did, or would do. */
export interface PushStep {
  action: 'create' | 'update' | 'keep'
  object: 'product' | 'price' | 'meter' | 'portal' | 'webhook'
  /** Null for a step that is not about one plan. */
  plan: string | null
  /** Stripe's id; null where it is still to be created, or is not needed. */
  id: string | null
  /** A line for the operator. */
  detail: string
  /** The signing secret of a webhook endpoint that was created: Stripe shows it only once. */
  secret?: string
}

/** A step, and how it is done; without `apply` there is nothing to do. */
export interface PlannedStep {
  step: PushStep
  apply?: () => Promise<Partial<PushStep>>
}
