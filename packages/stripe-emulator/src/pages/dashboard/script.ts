/**
 * The script of the dashboard. A form with `data-call` calls a control endpoint; every element with
 * `data-live` is refreshed every two seconds while the page is visible.
 */
export const DASHBOARD_SCRIPT = `
const EVERY_MS = 2000
const note = document.getElementById('note')
const live = document.getElementById('live')
let hiding

function notify(text, bad) {
  clearTimeout(hiding)
  note.className = bad ? 'bad' : ''
  note.textContent = text
  hiding = setTimeout(() => { note.textContent = '' }, bad ? 9000 : 3500)
}

function show(state, text) {
  live.className = state
  live.textContent = text
}

function replace(part, fresh) {
  const typing = part.contains(document.activeElement) && document.activeElement.matches('input, select')
  if (typing || part.innerHTML === fresh.innerHTML) return
  const focused = document.activeElement?.id
  const known = new Set([...part.querySelectorAll('li[id]')].map(({ id }) => id))
  part.innerHTML = fresh.innerHTML
  for (const row of part.querySelectorAll('li[id]')) if (!known.has(row.id)) row.classList.add('new')
  if (focused) document.getElementById(focused)?.focus()
}

async function refresh() {
  try {
    const response = await fetch(location.href, { headers: { accept: 'text/html' } })
    const page = new DOMParser().parseFromString(await response.text(), 'text/html')
    for (const part of document.querySelectorAll('[data-live]')) {
      const fresh = page.getElementById(part.id)
      if (fresh) replace(part, fresh)
    }
    show('on', 'live')
  } catch {
    show('off', 'offline')
  }
}

function valueOf(field, value) {
  return field?.type === 'number' ? Number(value) : value
}

function bodyOf(form, submitter) {
  const fields = [...new FormData(form, submitter)].filter(([, value]) => value !== '')
  const body = fields.map(([name, value]) => [name, valueOf(form.elements.namedItem(name), value)])
  return { ...JSON.parse(form.dataset.body ?? '{}'), ...Object.fromEntries(body) }
}

async function call(form, submitter) {
  const [method, path] = form.dataset.call.split(' ')
  const response = await fetch(path, {
    method,
    ...(method === 'POST' && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(bodyOf(form, submitter)),
    }),
  })
  const body = await response.json()
  if (!response.ok) throw new Error(body.error.message)
  return body
}

document.addEventListener('submit', async (event) => {
  const form = event.target
  if (!form.dataset.call) return
  event.preventDefault()
  const button = event.submitter
  if (button?.getAttribute('aria-busy') === 'true') return
  if (form.dataset.confirm && !confirm(form.dataset.confirm)) return
  button?.setAttribute('aria-busy', 'true')
  try {
    const result = await call(form, button)
    notify(form.dataset.done ?? 'Done')
    if (form.dataset.open && result.id) location.href = '/o/' + result.id
  } catch (error) {
    notify(error.message, true)
  }
  button?.removeAttribute('aria-busy')
  await refresh()
})

async function refreshLater() {
  if (!document.hidden) await refresh()
  setTimeout(refreshLater, EVERY_MS)
}
document.addEventListener('visibilitychange', () => { if (!document.hidden) refresh() })
show('on', 'live')
setTimeout(refreshLater, EVERY_MS)
`
