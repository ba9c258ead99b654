import type { FaultRule, FaultState } from '../../core/faults/rule.ts'
import type { Html } from '../html.ts'
import { html } from '../html.ts'
import { callButton, listCard, row } from './parts.ts'
import type { View } from './view.ts'

interface Preset {
  text: string
  rule: FaultRule & { id: string }
}

const PRESETS: readonly { title: string; presets: readonly Preset[] }[] = [
  {
    title: 'The API',
    presets: [
      {
        text: 'Answer 500',
        rule: { id: 'answers-500', request: '*', kind: 'answer', error: 'server_error' },
      },
      {
        text: 'Answer 429',
        rule: { id: 'answers-429', request: '*', kind: 'answer', error: 'rate_limit' },
      },
      {
        text: 'Lock timeout on writes',
        rule: { id: 'lock-timeout', request: 'POST *', kind: 'answer', error: 'lock_timeout' },
      },
      {
        text: 'Disconnect before the effect',
        rule: { id: 'cut-before', request: 'POST *', kind: 'cut', when: 'before' },
      },
      {
        text: 'Disconnect after the effect',
        rule: { id: 'cut-after', request: 'POST *', kind: 'cut', when: 'after' },
      },
      { text: 'Delay 2 s', rule: { id: 'slow', request: '*', kind: 'delay', delayMs: 2_000 } },
      {
        text: 'Fail a third of requests',
        rule: {
          id: 'flaky',
          request: '*',
          kind: 'answer',
          error: 'server_error',
          probability: 1 / 3,
          seed: 1,
        },
      },
    ],
  },
  {
    title: 'Webhooks',
    presets: [
      { text: 'Duplicate', rule: { id: 'twice', webhook: '*', kind: 'duplicate' } },
      { text: 'Out of order', rule: { id: 'out-of-order', webhook: '*', kind: 'reorder' } },
      { text: 'Delay 10 s', rule: { id: 'late', webhook: '*', kind: 'delay', delayMs: 10_000 } },
      { text: 'Drop', rule: { id: 'lost', webhook: '*', kind: 'drop' } },
    ],
  },
]

/** The page of the injected faults. */
export function faultsPage(view: View): Html {
  const all = callButton({
    call: 'DELETE /_emulator/faults',
    text: 'Remove all',
    done: 'All faults removed',
    id: 'end-all',
  })
  const error = select('error', 'Answer', ['server_error', 'rate_limit', 'lock_timeout'])
  const request = html`<input type="hidden" name="kind" value="answer"><label>Request<input name="request" value="POST /v1/*" required></label>${error}`
  const webhook = html`<label>Event<input name="webhook" value="invoice.*" required></label>${select('kind', 'Fault', ['duplicate', 'reorder', 'drop'])}`
  return html`<div class="head"><h1>Faults</h1>${all}</div>
<div class="cols"><section class="card"><header><h2>Switch on and off</h2></header><div class="inner" id="toggles" data-live>${toggles(view)}</div></section>
<div class="stack">
${listCard({ id: 'set', title: 'Active faults', rows: view.faults.list().map(faultRow), none: 'No faults.' })}
<section class="card"><header><h2>Fail requests</h2></header><div class="inner">${customForm('request', request)}</div></section>
<section class="card"><header><h2>Disturb webhooks</h2></header><div class="inner">${customForm('webhook', webhook)}</div></section>
</div></div>`
}

function select(name: string, label: string, options: readonly string[]): Html {
  const choices = options.map((option) => html`<option>${option}</option>`)
  return html`<label>${label}<select name="${name}">${choices}</select></label>`
}

function toggles({ faults, rateLimit }: View): Html {
  const on = new Set(faults.list().map(({ id }) => id))
  const groups = PRESETS.map(
    ({ title, presets }) =>
      html`<div><p class="soft small">${title}</p><div class="actions">${presets.map((preset) => toggle(preset, on.has(preset.rule.id)))}</div></div>`,
  )
  const limited = rateLimit.perSecond !== null
  const limit = html`<form data-call="POST /_emulator/rate-limit" data-body="${JSON.stringify({ perSecond: limited ? 'none' : 25 })}" data-done="${limited ? 'Limit removed' : 'Limit set'}"><button id="toggle-limit" aria-pressed="${limited ? 'true' : 'false'}">At most ${rateLimit.perSecond ?? 25} requests a second</button></form>`
  return html`${groups}<div><p class="soft small">Rate limit</p><div class="actions">${limit}</div></div>`
}

function toggle({ text, rule }: Preset, isOn: boolean): Html {
  const call = isOn ? `DELETE /_emulator/faults/${rule.id}` : 'POST /_emulator/faults'
  const done = isOn ? `Off: ${text}` : `On: ${text}`
  return html`<form data-call="${call}" data-body="${JSON.stringify(rule)}" data-done="${done}"><button id="toggle-${rule.id}" aria-pressed="${isOn ? 'true' : 'false'}">${text}</button></form>`
}

function faultRow(fault: FaultState): Html {
  const scope = 'request' in fault ? `request ${fault.request}` : `webhook ${fault.webhook}`
  const count = fault.spent ? 'used up' : `${fault.happened} of ${fault.matched}`
  const end = callButton({
    call: `DELETE /_emulator/faults/${fault.id}`,
    text: 'Remove',
    done: 'Removed',
    id: `end-${fault.id}`,
  })
  return row(
    fault.id,
    html`<span class="mono">${scope}</span><span class="sub">${describe(fault)} · <code>${fault.id}</code></span>`,
    html`<span class="sub" title="How often it happened, of the requests or webhooks that matched">${count}</span>${end}`,
  )
}

function describe(fault: FaultState): string {
  const { times, probability, seed } = fault
  const details = [
    'error' in fault ? fault.error : '',
    'when' in fault ? `${fault.when} the effect` : '',
    'delayMs' in fault ? `${fault.delayMs} ms` : '',
    times === undefined ? '' : `${times} times`,
    probability === undefined
      ? ''
      : `probability ${Math.round(probability * 100)} % (seed ${seed})`,
  ]
  return [fault.kind, ...details.filter((detail) => detail !== '')].join(' · ')
}

function customForm(scope: 'request' | 'webhook', fields: Html): Html {
  return html`<form class="fields" data-call="POST /_emulator/faults" data-done="Fault added">${fields}
<label>Times<input type="number" name="times" min="1" placeholder="always"></label>
<label>Probability<input type="number" name="probability" min="0.01" max="1" step="0.01" placeholder="1"></label>
<label>Seed<input type="number" name="seed" min="0" placeholder="1"></label>
<button class="main" id="set-${scope}">Add</button></form>`
}
