import { formatMoney } from '../../core/money.ts'
import { authenticateCheckout, payCheckout, successUrl } from '../../resources/checkout/complete.ts'
import { requireSession } from '../../resources/checkout/session.ts'
import { authenticatePage } from '../authenticate-page.ts'
import type { CardInput } from '../card-form.ts'
import { EMPTY_CARD, readCard, readCardInput } from '../card-form.ts'
import type { PageResponse, PageServer } from '../page-server.ts'
import { errorText } from '../page-server.ts'
import { checkoutOverPage, checkoutPage } from './page.ts'

const AUTHENTICATION_FAILED =
  'We are unable to authenticate your payment method. Please choose a different payment method and try again.'

/** The pages of Checkout: the card form, the 3-D Secure step, and the page of a session that has ended. */
export function serveCheckout(server: PageServer): void {
  const show = (id: string, form: { typed: CardInput; error: string | null }): PageResponse =>
    server.run((ctx) => {
      const session = requireSession(ctx, id)
      const status = form.error === null ? 200 : 402
      if (session.status === 'open') return { status, body: checkoutPage(ctx, session, form) }
      return { status: session.status === 'expired' ? 410 : 200, body: checkoutOverPage(session) }
    })

  server.get('/c/pay/:id', ({ path }) => show(path['id'] ?? '', { typed: EMPTY_CARD, error: null }))

  server.post('/c/pay/:id', ({ path, form }) => {
    const id = path['id'] ?? ''
    const typed = readCardInput(form)
    try {
      const payer = { card: readCard(form), email: typed.email || null, name: typed.name || null }
      const { step, session } = server.run((ctx) => payCheckout(ctx, id, payer))
      return { location: step === 'complete' ? successUrl(session) : `/c/pay/${id}/3ds` }
    } catch (error) {
      return show(id, { typed, error: errorText(error) })
    }
  })

  server.get('/c/pay/:id/3ds', ({ path }) => {
    const session = server.run((ctx) => requireSession(ctx, path['id'] ?? ''))
    if (session.status !== 'open') return { location: `/c/pay/${session.id}` }
    const total = session.amount_total
    const amount = total === null ? null : formatMoney(total, session.currency ?? 'usd')
    return { body: authenticatePage(`/c/pay/${session.id}/3ds`, amount) }
  })

  server.post('/c/pay/:id/3ds', ({ path, form }) => {
    const id = path['id'] ?? ''
    const typed = EMPTY_CARD
    if (form['result'] !== 'complete') return show(id, { typed, error: AUTHENTICATION_FAILED })
    try {
      return { location: successUrl(server.run((ctx) => authenticateCheckout(ctx, id))) }
    } catch (error) {
      return show(id, { typed, error: errorText(error) })
    }
  })
}
