/** The delivery of one event to one endpoint. */
export interface Delivery {
  id: string
  event: string
  /** The id of a registered endpoint, or `configured_` and the position of a configured one. */
  endpoint: string
  url: string
  attempts: number
  status: 'pending' | 'succeeded' | 'failed'
  lastError: string | null
  /** The last attempts, oldest first; missing in data files of earlier versions. */
  log?: DeliveryAttempt[]
}

/** One attempt to deliver an event. */
export interface DeliveryAttempt {
  /** The time on the base clock, in seconds since 1970. */
  at: number
  /** The HTTP status of the response; null: there was no response. */
  status: number | null
  /** The beginning of the response body. */
  body: string
  /** Why the attempt failed; null: it did not. */
  error: string | null
  /** The injected fault that affected it. */
  fault: string | null
}
