import type { FastifyInstance } from 'fastify'
import type { Engine } from '../core/engine.ts'
import { serveCheckout } from './checkout/routes.ts'
import { serveCreditNotes } from './invoice/credit-note-routes.ts'
import { serveReceipts } from './invoice/receipt-routes.ts'
import { serveInvoices } from './invoice/routes.ts'
import { PageServer } from './page-server.ts'
import { servePortal } from './portal/routes.ts'

/** Adds the hosted pages to the server. */
export function servePages(server: FastifyInstance, engine: Engine): void {
  const pages = new PageServer(server, engine)
  serveCheckout(pages)
  servePortal(pages)
  serveInvoices(pages)
  serveReceipts(pages)
  serveCreditNotes(pages)
}
