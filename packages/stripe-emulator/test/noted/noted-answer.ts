/** Requests that come first; the id of the last one's object is `{it}`. */
type Before = readonly (readonly [path: string, form: object])[]

/** What Stripe answered to a request, as noted in public. */
export interface NotedAnswer {
  about: string
  before?: Before
  request: readonly [method: 'GET' | 'POST' | 'DELETE', path: string, form?: object]
  status: number
  code?: string | null
  param?: string | null
  /** The message, or the beginning of it; `…` stands for ids. */
  message?: string
  /** Fields of a successful answer. */
  body?: object
}
