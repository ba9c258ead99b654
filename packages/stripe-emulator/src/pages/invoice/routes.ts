import type { Context } from '../../core/context.ts'
import { invalidRequest, noSuch } from '../../core/errors.ts'
import { formatMoney } from '../../core/money.ts'
import type { Invoice, PaymentIntent, SetupIntent } from '../../documents.ts'
import type { Collected } from '../../resources/invoices/collect.ts'
import { attachPaymentMethod } from '../../resources/payments/methods/attach.ts'
import { checkCard, createCardMethod } from '../../resources/payments/methods/payment-method.ts'
import { requirePaymentIntent } from '../../resources/payments/payment-intent.ts'
import { authenticateIntent } from '../../resources/payments/payment-outcome.ts'
import { authenticateSetup } from '../../resources/payments/setup-intents/setup-intent.ts'
import { collectAndSettle } from '../../resources/subscriptions/settle.ts'
import { authenticatedPage, authenticatePage } from '../authenticate-page.ts'
import type { CardInput } from '../card-form.ts'
import { EMPTY_CARD, readCard, readCardInput } from '../card-form.ts'
import type { PageRequest, PageServer } from '../page-server.ts'
import { errorText } from '../page-server.ts'
import { invoicePage } from './page.ts'
import { invoicePdf } from './pdf.ts'

const PATH = '/i/:token'

/** The pages of invoices: the invoice, its payment, its PDF, and the 3-D Secure step. */
export function serveInvoices(server: PageServer): void {
  const show = (path: string, form: { typed: CardInput; error: string | null }) =>
    server.run((ctx) => ({
      status: form.error === null ? 200 : 402,
      body: invoicePage(ctx, invoiceAt(ctx, path), { base: path, ...form }),
    }))

  server.get(PATH, (request) => show(baseOf(request), { typed: EMPTY_CARD, error: null }))
  server.get(`${PATH}/pdf`, (request) => {
    const invoice = server.run((ctx) => invoiceAt(ctx, baseOf(request)))
    return { bytes: invoicePdf(invoice), type: 'application/pdf' }
  })
  server.post(`${PATH}/pay`, (request) => {
    const path = baseOf(request)
    const typed = readCardInput(request.form)
    try {
      const collected = server.run((ctx) => payByCard(ctx, path, request.form))
      if (collected.outcome === 'paid') return { location: path }
      if (collected.outcome !== 'requires_action') {
        return show(path, { typed, error: declineText(collected) })
      }
      const { id, client_secret: secret } = collected.intent
      return { location: `/3ds/${id}?client_secret=${secret ?? ''}` }
    } catch (error) {
      return show(path, { typed, error: errorText(error) })
    }
  })
  serveAuthentication(server)
}

function invoiceAt(ctx: Context, path: string): Invoice {
  const [invoice] = ctx.store.find('invoices', { index: 'page', key: path })
  if (invoice === undefined) throw noSuch('invoice', path)
  return invoice
}

function baseOf(request: PageRequest): string {
  return `/i/${request.path['token'] ?? ''}`
}

function payByCard(ctx: Context, path: string, form: Record<string, unknown>): Collected {
  const invoice = invoiceAt(ctx, path)
  if (invoice.status !== 'open' && invoice.status !== 'uncollectible') {
    throw invalidRequest('This invoice can no longer be paid.')
  }
  const card = readCard(form)
  checkCard(ctx, card)
  const method = createCardMethod(ctx, card)
  attachPaymentMethod(ctx, method.id, invoice.customer ?? '')
  return collectAndSettle(ctx, invoice, { method: method.id, manual: true })
}

function declineText(collected: Collected): string {
  const error = 'intent' in collected ? collected.intent.last_payment_error : null
  return error?.message ?? 'Your card was declined.'
}

/** The 3-D Secure step of a payment intent, found by its client secret. */
function serveAuthentication(server: PageServer): void {
  const intentOf = (ctx: Context, request: PageRequest): PaymentIntent | SetupIntent => {
    const id = request.path['intent'] ?? ''
    const intent = ctx.store.get('setup_intents', id) ?? requirePaymentIntent(ctx, id)
    if (intent.client_secret === request.query['client_secret']) return intent
    throw invalidRequest('The client secret does not match.')
  }
  server.get('/3ds/:intent', (request) => {
    const intent = server.run((ctx) => intentOf(ctx, request))
    if (intent.status !== 'requires_action') {
      return { body: authenticatedPage(intent.status === 'succeeded') }
    }
    const action = `/3ds/${intent.id}?client_secret=${intent.client_secret ?? ''}`
    const amount =
      intent.object === 'payment_intent' ? formatMoney(intent.amount, intent.currency) : null
    return { body: authenticatePage(action, amount) }
  })
  server.post('/3ds/:intent', (request) => {
    const passed = request.form['result'] === 'complete'
    const page = server.run((ctx) => {
      const intent = intentOf(ctx, request)
      const returnUrl = returnUrlOf(intent)
      const after =
        intent.object === 'setup_intent'
          ? authenticateSetup(ctx, intent.id, passed)
          : authenticateIntent(ctx, intent.id, passed)
      return returnUrl === null ? invoicePageOf(ctx, intent.id) : returnTo(returnUrl, after)
    })
    return page === null ? { body: authenticatedPage(passed) } : { location: page }
  })
}

function returnUrlOf(intent: PaymentIntent | SetupIntent): string | null {
  return intent.next_action?.redirect_to_url?.return_url ?? null
}

function invoicePageOf(ctx: Context, intent: string): string | null {
  const [payment] = ctx.store.find('invoice_payments', { index: 'payment_intent', key: intent })
  return ctx.store.get('invoices', payment?.invoice ?? '')?.hosted_invoice_url ?? null
}

/** The return URL of the caller, with the intent and the result in its query. */
function returnTo(returnUrl: string, intent: PaymentIntent | SetupIntent): string {
  const url = new URL(returnUrl)
  const failed = intent.status === 'requires_payment_method'
  url.searchParams.set(intent.object, intent.id)
  url.searchParams.set(`${intent.object}_client_secret`, intent.client_secret ?? '')
  url.searchParams.set('redirect_status', failed ? 'failed' : 'succeeded')
  return url.href
}
