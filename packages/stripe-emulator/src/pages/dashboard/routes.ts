import type { FastifyInstance } from 'fastify'
import type { Context } from '../../core/context.ts'
import type { Engine } from '../../core/engine.ts'
import { noSuch } from '../../core/errors.ts'
import type { EmulatorFaults } from '../../core/faults/emulator-faults.ts'
import type { RateLimit } from '../../core/faults/rate-limit.ts'
import { requireLoopback } from '../../http/control/guard.ts'
import type { PageRequest } from '../page-server.ts'
import { PageServer } from '../page-server.ts'
import { faultsPage } from './faults.ts'
import { dashboardPage } from './layout.ts'
import { objectPage } from './object.ts'
import { LISTS, listPage, overview } from './overview.ts'
import { DASHBOARD_SCRIPT } from './script.ts'
import { settingsPage } from './settings.ts'
import { DASHBOARD_STYLE } from './style.ts'
import type { View } from './view.ts'
import { matchingCustomers } from './view.ts'

/** The parts of the emulator that the dashboard uses. */
export interface DashboardParts {
  engine: Engine
  faults: EmulatorFaults
  rateLimit: RateLimit
}

/** Only scripts of this server may run, and they may call only this server. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

/** Adds the dashboard to the server, for this machine only. */
export function serveDashboard(server: FastifyInstance, parts: DashboardParts): void {
  server.register((scope, _options, done) => {
    scope.addHook('onRequest', (request, _reply, next) => {
      requireLoopback(request)
      next()
    })
    const pages = new PageServer(scope, parts.engine, POLICY)
    serveSections(pages, parts)
    pages.get('/_emulator/dashboard.css', () => ({
      body: DASHBOARD_STYLE,
      type: 'text/css; charset=utf-8',
    }))
    pages.get('/_emulator/dashboard.js', () => ({
      body: DASHBOARD_SCRIPT,
      type: 'text/javascript; charset=utf-8',
    }))
    done()
  })
}

function serveSections(server: PageServer, { faults, rateLimit }: DashboardParts): void {
  const show = (request: PageRequest, render: (view: View) => string) => ({
    body: server.run((ctx: Context) => {
      const filter = (request.query['customer'] ?? '').trim()
      return render({ ctx, faults, rateLimit, filter, customers: matchingCustomers(ctx, filter) })
    }),
  })
  server.get('/', (request) =>
    show(request, (view) =>
      dashboardPage(view, { title: 'Overview', current: '/' }, overview(view)),
    ),
  )
  for (const list of LISTS) {
    const { title, path: current } = list
    server.get(list.path, (request) =>
      show(request, (view) => dashboardPage(view, { title, current }, listPage(view, list))),
    )
  }
  server.get('/faults', (request) =>
    show(request, (view) =>
      dashboardPage(view, { title: 'Faults', current: '/faults' }, faultsPage(view)),
    ),
  )
  server.get('/settings', (request) =>
    show(request, (view) =>
      dashboardPage(view, { title: 'Settings', current: '/settings' }, settingsPage(view)),
    ),
  )
  server.get('/o/:id', (request) =>
    show(request, (view) => {
      const id = request.path['id'] ?? ''
      const found = view.ctx.store.locate(id)
      if (found === null) throw noSuch('object', id)
      return dashboardPage(view, { title: id, current: '' }, objectPage(view, found[0], id))
    }),
  )
}
