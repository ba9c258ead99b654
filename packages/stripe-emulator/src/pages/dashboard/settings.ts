import type { Dunning } from '../../core/context.ts'
import type { Html } from '../html.ts'
import { html } from '../html.ts'
import type { View } from './view.ts'

const ENDS: readonly { value: Dunning['finally']; text: string }[] = [
  { value: 'cancel', text: 'canceled' },
  { value: 'unpaid', text: 'unpaid' },
  { value: 'past_due', text: 'past due' },
  { value: 'pause', text: 'paused' },
]

/** The page of the account's settings: what follows a failed renewal, and the rate of automatic tax. */
export function settingsPage(view: View): Html {
  return html`<div class="head"><h1>Settings</h1></div>
<div class="cols">
<section class="card"><header><h2>Failed renewals</h2></header><div class="inner">${dunningForm(view)}</div></section>
<section class="card"><header><h2>Automatic tax</h2></header><div class="inner">${taxForm(view)}</div></section>
</div>`
}

function dunningForm({ ctx }: View): Html {
  const { dunning } = ctx.settings
  const ends = ENDS.map(
    ({ value, text }) =>
      html`<option value="${value}"${value === dunning.finally ? html` selected` : null}>${text}</option>`,
  )
  const days = dunning.retryAfterDays.join(', ')
  const first = dunning.pauseOnFirstFailure === true
  return html`<p class="soft small">${days === '' ? 'A failed renewal is not tried again.' : `A failed renewal is tried again after ${days} days.`} What the subscription is:</p>
<form class="fields" data-call="POST /_emulator/dunning" data-done="Saved">
<label>After the last attempt<select name="finally">${ends}</select></label>
<label>After the first attempt<select name="pauseOnFirstFailure"><option value="false">past due</option><option value="true"${first ? html` selected` : null}>paused</option></select></label>
<button class="main" id="save-dunning">Save</button></form>`
}

function taxForm({ ctx }: View): Html {
  const { percentage, byCountry } = ctx.settings.tax
  const countries = Object.entries(byCountry).map(
    ([country, rate]) => html`<li>${country}: ${rate} %</li>`,
  )
  return html`<p class="soft small">The rate that automatic tax has where the customer's country has none of its own.</p>
<form class="fields" data-call="POST /_emulator/tax" data-done="Saved">
<label>Rate in percent<input type="number" name="percentage" min="0" max="100" step="0.01" value="${percentage}" required></label>
<button class="main" id="save-tax">Save</button></form>
${countries.length === 0 ? null : html`<ul class="small">${countries}</ul>`}`
}
