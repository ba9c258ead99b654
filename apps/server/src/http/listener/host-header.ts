/** Most requests have the same few. */
const known = new Map<string, boolean>()
const MAX_KNOWN = 100

/** Whether a URL can be made with this host, and has it as its host alone. */
export function isHostHeader(host: string): boolean {
  const before = known.get(host)
  if (before !== undefined) return before
  const good = /^[\w.~!$&'()*+,;=%:[\]-]+$/.test(host) && URL.canParse(`http://${host}/`)
  if (known.size >= MAX_KNOWN) known.clear()
  known.set(host, good)
  return good
}
