import { listen } from '@tollgate/testing/listen'
import type Stripe from 'stripe'

/** A Stripe that answers what the test sets, when the test lets it: for races and failures. */
export interface ScriptedStripe {
  apiBase: string
  subscriptions: Stripe.Subscription[]
  invoices: Stripe.Invoice[]
  charges: Stripe.Charge[]
  /** What else there is, by path. */
  objects: Record<string, object>
  /** How often a customer's state was fetched. */
  fetches: number
  /** False: it answers that there is no such customer, whichever it is asked about. */
  knowsCustomers: boolean
  /** A customer that it does not know, though it knows the others. */
  unknownCustomer: string | null
  /** Answers everything with this status, until it is null again. */
  failing: { status: number; body: object; headers?: Record<string, string> } | null
  /** Called when a customer's state is fetched; the answer, made before, is sent when its promise resolves. */
  beforeAnswer: () => Promise<void>
  close(): Promise<void>
}

export async function startScriptedStripe(): Promise<ScriptedStripe> {
  const script: ScriptedStripe = {
    apiBase: '',
    subscriptions: [],
    invoices: [],
    charges: [],
    objects: {
      '/v1/account': { id: 'acct_1', object: 'account' },
      '/v1/customers/cus_1': { id: 'cus_1', object: 'customer', metadata: {} },
    },
    fetches: 0,
    knowsCustomers: true,
    unknownCustomer: null,
    failing: null,
    beforeAnswer: async () => undefined,
    close: async () => undefined,
  }
  const { url, close } = await listen(async (request, response) => {
    const { pathname: path, searchParams } = new URL(request.url ?? '/', 'http://stripe')
    const answer = answerTo(script, path, searchParams.get('customer'))
    const body = JSON.stringify(answer.body)
    if (path === '/v1/subscriptions') {
      script.fetches++
      await script.beforeAnswer()
    }
    const headers = { 'content-type': 'application/json', ...answer.headers }
    response.writeHead(answer.status, headers).end(body)
  })
  return Object.assign(script, { apiBase: url, close })
}

interface Answer {
  status: number
  body: object
  headers?: Record<string, string>
}

function answerTo(script: ScriptedStripe, path: string, customer: string | null): Answer {
  if (script.failing) return script.failing
  const lists: Record<string, readonly object[]> = {
    '/v1/subscriptions': script.subscriptions,
    '/v1/invoices': script.invoices,
    '/v1/charges': script.charges,
  }
  const object = script.objects[path]
  if (object) return { status: 200, body: object }
  const data =
    script.knowsCustomers && (customer === null || customer !== script.unknownCustomer)
      ? lists[path]
      : undefined
  if (data) return { status: 200, body: { object: 'list', url: path, has_more: false, data } }
  const error = { type: 'invalid_request_error', code: 'resource_missing', message: `No ${path}` }
  return { status: 404, body: { error } }
}
