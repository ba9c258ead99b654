import type { FastifyInstance } from 'fastify'
import type { Engine } from '../core/engine.ts'
import { serveCheckout } from './checkout/routes.ts'
import { serveReceipts } from './invoice/receipt-routes.ts'
import { serveInvoices } from './invoice/routes.ts'
import { servePortal } from './portal/routes.ts'
import { Site } from './site.ts'

/** Puts the hosted pages on the server. */
export function servePages(server: FastifyInstance, engine: Engine): void {
  const site = new Site(server, engine)
  serveCheckout(site)
  servePortal(site)
  serveInvoices(site)
  serveReceipts(site)
}
