import { API_VERSION } from '../../core/account.ts'
import { fromSeconds } from '../../core/clock.ts'
import type { Html } from '../html.ts'
import { html } from '../html.ts'
import { callButton, timeText } from './parts.ts'
import type { View } from './view.ts'
import { pageAt } from './view.ts'

/** An entry of the navigation. */
export interface Section {
  path: string
  title: string
  count?: ((view: View) => number) | undefined
}

export const SECTIONS: readonly Section[] = [
  { path: '/', title: 'Overview' },
  { path: '/customers', title: 'Customers', count: ({ ctx }) => ctx.store.count('customers') },
  {
    path: '/subscriptions',
    title: 'Subscriptions',
    count: ({ ctx }) => ctx.store.count('subscriptions'),
  },
  { path: '/invoices', title: 'Invoices', count: ({ ctx }) => ctx.store.count('invoices') },
  { path: '/meters', title: 'Meters', count: ({ ctx }) => ctx.store.count('meters') },
  { path: '/events', title: 'Events', count: ({ ctx }) => ctx.store.count('events') },
  { path: '/webhooks', title: 'Webhooks', count: ({ ctx }) => ctx.store.count('deliveries') },
  { path: '/faults', title: 'Faults', count: ({ faults }) => faults.list().length },
  { path: '/settings', title: 'Settings' },
]

const STEPS = ['1 hour', '1 day', '1 week', '1 month']

const MARK = html`<svg viewBox="0 0 26 26" aria-hidden="true"><rect width="26" height="26" rx="7" fill="var(--accent)"/><path d="M7 17.5c3 0 3-9 6-9s3 9 6 9" fill="none" stroke="var(--on-accent)" stroke-width="2.4" stroke-linecap="round"/></svg>`

const RESET = callButton({
  call: 'POST /_emulator/reset',
  text: 'Reset',
  done: 'Reset done',
  id: 'reset',
  tone: 'bad',
  confirm: 'Delete every object, event and idempotency key, and reset the clock?',
})

/** The form that filters by customer. */
export function filterForm(view: View, path: string): Html {
  const clear = view.filter === '' ? null : html`<a class="button" href="${path}">Clear</a>`
  return html`<form class="group filter" method="get" action="${path}" role="search"><input name="customer" value="${view.filter}" placeholder="Customer: id, name or e-mail" aria-label="Filter by customer" size="28"><button>Filter</button>${clear}</form>`
}

/** A complete page of the dashboard. `current` is the path of its section. */
export function dashboardPage(
  view: View,
  about: { title: string; current: string },
  content: Html,
): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<link rel="icon" href="data:,">
<title>${about.title} – local Stripe (test mode)</title>
<link rel="stylesheet" href="/_emulator/dashboard.css">
<script type="module" src="/_emulator/dashboard.js"></script>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header class="bar"><div class="wide top"><a class="brand" href="/">${MARK}Local Stripe</a><span class="mode">Test mode</span><span id="live"></span>${clock(view)}</div>
${navigation(view, about.current)}</header>
<aside id="banner" data-live aria-label="Injected faults">${banner(view)}</aside>
<main id="content" class="wide">
<noscript><p class="soft">Without scripts this page does not refresh, and its buttons do nothing.</p></noscript>
${content}
</main>
<footer class="wide soft small"><span>API version ${API_VERSION} · <a href="/_emulator">control endpoints</a></span>${RESET}</footer>
<div id="note" role="status" aria-live="polite"></div>
</body>
</html>
`.text
}

function clock({ ctx }: View): Html {
  const steps = STEPS.map(
    (step) =>
      html`<button name="by" value="${step}" id="by-${step.replace(' ', '-')}" aria-label="Advance by ${step}">+${step}</button>`,
  )
  const today = fromSeconds(ctx.now).toISOString().slice(0, 10)
  return html`<div class="clock">
<div class="now" id="now" data-live><span>${timeText(ctx.now)} <span class="soft small">UTC</span></span><small>emulator time</small></div>
<form class="group" data-call="POST /_emulator/clock/advance" data-done="Clock advanced" aria-label="Advance the clock">${steps}</form>
<form class="group to" data-call="POST /_emulator/clock/advance" data-done="Clock advanced"><input type="date" name="to" min="${today}" required aria-label="Advance to this day"><button>Go</button></form>
</div>`
}

function navigation(view: View, current: string): Html {
  const links = SECTIONS.map(({ path, title, count }) => {
    const here = path === current ? html` aria-current="page"` : null
    const number = count === undefined ? null : html` <small>${count(view)}</small>`
    return html`<a href="${pageAt(view, path)}"${here}>${title}${number}</a>`
  })
  return html`<nav id="sections" class="wide" data-live aria-label="Sections">${links}</nav>`
}

function banner({ faults, rateLimit }: View): Html {
  const on = faults.list().filter(({ spent }) => !spent).length
  const byCode = faults.onRequest !== undefined || faults.onDelivery !== undefined
  if (on === 0 && !byCode && rateLimit.perSecond === null) return html``
  const parts = [
    on === 0 ? '' : on === 1 ? '1 active fault' : `${on} active faults`,
    byCode ? 'faults injected by code' : '',
    rateLimit.perSecond === null ? '' : `at most ${rateLimit.perSecond} requests a second`,
  ]
  return html`<div class="banner"><div class="wide">${parts.filter((part) => part !== '').join(', ')} – <a href="/faults">show</a></div></div>`
}
