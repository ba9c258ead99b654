/** A call to the API and its answer. */
export interface Exchange {
  method: string
  /** Path without query. */
  path: string
  /** The API version of the answer. */
  version: string
  /** What query and body said, every value as text. */
  params: Record<string, unknown>
  status: number
  /** The answer's JSON. */
  body: string
}

/** Is told what goes over the wire. What it throws ends the request with a 500. */
export interface Observer {
  /** After each call, those that a fault cuts off too. */
  onExchange?(exchange: Exchange): void
  /** After each event was written, with it as its endpoints will get it. */
  onEvent?(event: object): void
}
