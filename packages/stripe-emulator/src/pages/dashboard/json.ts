import type { Context } from '../../core/context.ts'
import type { Html } from '../html.ts'
import { html } from '../html.ts'

const TOKENS = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d+(?:\.\d+)?|true|false|null)/g

/** Renders an object as indented JSON, with links on the ids of known objects and on URLs. */
export function jsonMarkup(ctx: Context, value: object): Html {
  const source = JSON.stringify(value, null, 2)
  const parts: Html[] = []
  let end = 0
  for (const { 0: all, 1: quoted, 2: colon, index } of source.matchAll(TOKENS)) {
    parts.push(html`${source.slice(end, index)}`)
    if (quoted === undefined) parts.push(html`<span class="n">${all}</span>`)
    else if (colon !== undefined) parts.push(html`<span class="k">${quoted}</span>${colon}`)
    else parts.push(stringMarkup(ctx, quoted))
    end = index + all.length
  }
  return html`<pre tabindex="0" aria-label="JSON">${parts}${source.slice(end)}</pre>`
}

function stringMarkup(ctx: Context, quoted: string): Html {
  const text: unknown = JSON.parse(quoted)
  if (typeof text !== 'string') return html`${quoted}`
  if (ctx.store.locate(text) !== null) return html`"<a class="s" href="/o/${text}">${text}</a>"`
  if (/^https?:\/\//.test(text)) {
    return html`<a class="s" href="${text}" rel="noreferrer">${quoted}</a>`
  }
  return html`<span class="s">${quoted}</span>`
}
