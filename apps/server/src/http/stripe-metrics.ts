import type { Context } from '@tollgate/core'
import { driftTotals, lastReconcile, stripeTrouble, summarizeInbox } from '@tollgate/core'
import type { Registry } from 'prom-client'
import { Counter, Gauge } from 'prom-client'

/** What tells whether our rows follow Stripe. Answers what reads them anew, for each scrape. */
export function stripeMetrics(registry: Registry, core: Context): () => Promise<void> {
  const { events, waiting, drift, stopped, reconciled } = instruments([registry])
  return async () => {
    for (const metric of [events, waiting, drift, stopped, reconciled]) metric.reset()
    const [inbox, totals, trouble, last] = await Promise.all([
      summarizeInbox(core),
      driftTotals(core),
      stripeTrouble(core),
      lastReconcile(core),
    ])
    for (const state of ['pending', 'failing', 'dead'] as const) events.set({ state }, inbox[state])
    waiting.set(secondsSince(core, inbox.oldestWaitingAt))
    for (const { kind, found } of totals) drift.inc({ kind }, found)
    stopped.set(trouble ? 1 : 0)
    if (last?.finishedAt) reconciled.set(Date.parse(last.finishedAt) / 1_000)
  }
}

function instruments(registers: Registry[]) {
  return {
    events: new Gauge({
      name: 'tollgate_webhook_events',
      help: 'Webhook events that no sync has served: pending, failing (tried and waiting), dead (given up)',
      labelNames: ['state'],
      registers,
    }),
    waiting: new Gauge({
      name: 'tollgate_webhook_oldest_waiting_seconds',
      help: 'How long the oldest pending or failing webhook event has waited; 0 where none does',
      registers,
    }),
    drift: new Counter({
      name: 'tollgate_stripe_drift_total',
      help: 'Differences between Stripe and our rows that reconciles found, by kind',
      labelNames: ['kind'],
      registers,
    }),
    stopped: new Gauge({
      name: 'tollgate_stripe_stopped',
      help: '1 while nothing is synced, because Stripe is not the account or mode of this database',
      registers,
    }),
    reconciled: new Gauge({
      name: 'tollgate_reconcile_finished_timestamp_seconds',
      help: 'When the last reconcile ended',
      registers,
    }),
  }
}

function secondsSince({ clock }: Context, instant: string | null): number {
  return instant === null ? 0 : (clock.now().getTime() - Date.parse(instant)) / 1_000
}
