/** A piece of a page. `raw` is the content of an element that holds no tags, as `title` or `script`. */
export type Token =
  | { kind: 'text'; text: string }
  | { kind: 'tag'; name: string; attributes: ReadonlyMap<string, string> }
  | { kind: 'raw'; name: string; text: string }

const RAW_ELEMENTS = ['script', 'style', 'title', 'textarea', 'template', 'noscript', 'iframe']

/**
 * Splits a page into texts and tags; comments and declarations are left out. It never reads a character more than a
 * fixed number of times, and what has no end goes to the end of the page, so that no page can keep it busy. Enough to
 * find titles, texts and links; for more, take a parser that follows the whole of the HTML standard, such as parse5.
 */
export function* tokenize(html: string): Generator<Token> {
  let at = 0
  while (at < html.length) {
    const open = indexOrEnd(html, '<', at)
    if (open > at) yield { kind: 'text', text: decodeEntities(html.slice(at, open)) }
    if (open === html.length) return
    const name = match(/<\/?([a-z][^\s/>]*)/iy, html, open)
    if (name === null) {
      at = skipOther(html, open)
      if (at === open + 1) yield { kind: 'text', text: '<' }
      continue
    }
    const tag = readAttributes(html, open + name.text.length)
    const token = {
      kind: 'tag',
      name: name.group.toLowerCase(),
      attributes: tag.attributes,
    } as const
    yield token
    at = tag.end
    if (RAW_ELEMENTS.includes(token.name) && html[open + 1] !== '/') {
      const close = rawEnd(html, token.name, at)
      yield { kind: 'raw', name: token.name, text: decodeEntities(html.slice(at, close)) }
      at = close
    }
  }
}

/** Past a comment, a doctype or `<?…>`; past the sign alone where it is only text, and at the end of the page. */
function skipOther(html: string, open: number): number {
  if (html.startsWith('<!--', open)) return indexOrEnd(html, '-->', open + 4) + 3
  return /[!?/]/.test(html[open + 1] ?? '') ? indexOrEnd(html, '>', open) + 1 : open + 1
}

function readAttributes(html: string, from: number) {
  const attributes = new Map<string, string>()
  let at = from
  for (;;) {
    at += match(/[\s/]*/y, html, at)?.text.length ?? 0
    const name = match(/([^\s/>][^\s/>=]*)/y, html, at)
    if (name === null) return { attributes, end: at + 1 }
    at += name.text.length
    const equals = match(/\s*=\s*/y, html, at)
    const value = equals === null ? null : readValue(html, at + equals.text.length)
    const key = name.group.toLowerCase()
    if (!attributes.has(key)) attributes.set(key, decodeEntities(value?.text ?? ''))
    at = value?.end ?? at
  }
}

function readValue(html: string, from: number): { text: string; end: number } {
  const quote = html[from]
  if (quote === '"' || quote === "'") {
    const end = indexOrEnd(html, quote, from + 1)
    return { text: html.slice(from + 1, end), end: end + 1 }
  }
  const text = match(/[^\s>]*/y, html, from)?.text ?? ''
  return { text, end: from + text.length }
}

function rawEnd(html: string, name: string, from: number): number {
  const close = new RegExp(`</${name}`, 'gi')
  close.lastIndex = from
  return close.exec(html)?.index ?? html.length
}

function indexOrEnd(html: string, sought: string, from: number): number {
  const index = html.indexOf(sought, from)
  return index === -1 ? html.length : index
}

/** A sticky expression at one place, with its first group. */
function match(expression: RegExp, html: string, at: number) {
  expression.lastIndex = at
  const found = expression.exec(html)
  return found === null ? null : { text: found[0], group: found[1] ?? '' }
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
}

/** Numbers and the names above; any other name stays as it is written. */
function decodeEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{2,8}));/gi, (whole, ...groups) => {
    const [decimal, hexadecimal, name] = groups
    if (name !== undefined) return ENTITIES[name] ?? whole
    const code = decimal === undefined ? Number.parseInt(hexadecimal, 16) : Number(decimal)
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}
