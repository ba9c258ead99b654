import type { FastifyInstance } from 'fastify'
import type { Context } from '../../core/context.ts'
import type { Engine } from '../../core/engine.ts'
import { noSuch } from '../../core/errors.ts'
import type { EmulatorFaults } from '../../core/faults/emulator-faults.ts'
import type { RateLimit } from '../../core/faults/rate-limit.ts'
import { requireLoopback } from '../../http/control/guard.ts'
import type { Visit } from '../site.ts'
import { Site } from '../site.ts'
import { faultsPage } from './faults.ts'
import { watchPage } from './layout.ts'
import { objectPage } from './object.ts'
import { LISTS, listPage, overview } from './overview.ts'
import { WATCH_SCRIPT } from './script.ts'
import { WATCH_STYLE } from './style.ts'
import type { View } from './view.ts'
import { filtered } from './view.ts'

/** What the pages show besides the state. */
export interface WatchParts {
  engine: Engine
  faults: EmulatorFaults
  rateLimit: RateLimit
}

/** Only what this server sends itself may run, and it may call only this server. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

/** The pages on which a developer watches the emulator: for this machine only. */
export function serveWatch(server: FastifyInstance, parts: WatchParts): void {
  server.register((scope, _options, done) => {
    scope.addHook('onRequest', (request, _reply, next) => {
      requireLoopback(request)
      next()
    })
    const site = new Site(scope, parts.engine, POLICY)
    servePagesOf(site, parts)
    site.get('/_emulator/watch.css', () => ({ body: WATCH_STYLE, type: 'text/css; charset=utf-8' }))
    site.get('/_emulator/watch.js', () => ({
      body: WATCH_SCRIPT,
      type: 'text/javascript; charset=utf-8',
    }))
    done()
  })
}

function servePagesOf(site: Site, { faults, rateLimit }: WatchParts): void {
  const show = (visit: Visit, render: (view: View) => string) => ({
    body: site.run((ctx: Context) => {
      const filter = (visit.query['customer'] ?? '').trim()
      return render({ ctx, faults, rateLimit, filter, customers: filtered(ctx, filter) })
    }),
  })
  site.get('/', (visit) =>
    show(visit, (view) => watchPage(view, { title: 'Overview', current: '/' }, overview(view))),
  )
  for (const list of LISTS) {
    const { title, path: current } = list
    site.get(list.path, (visit) =>
      show(visit, (view) => watchPage(view, { title, current }, listPage(view, list))),
    )
  }
  site.get('/faults', (visit) =>
    show(visit, (view) =>
      watchPage(view, { title: 'Faults', current: '/faults' }, faultsPage(view)),
    ),
  )
  site.get('/o/:id', (visit) =>
    show(visit, (view) => {
      const id = visit.path['id'] ?? ''
      const found = view.ctx.store.locate(id)
      if (found === null) throw noSuch('object', id)
      return watchPage(view, { title: id, current: '' }, objectPage(view, found[0], id))
    }),
  )
}
