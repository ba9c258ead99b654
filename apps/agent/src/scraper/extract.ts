import type { Page } from './fetch-page.ts'
import { type Token, tokenize } from './html.ts'

export interface Extract {
  title: string | null
  /** What a reader sees, with white space collapsed; at most 20 000 characters. */
  text: string
  /** Where the page links to, http and https alone; at most 200, each once. */
  links: string[]
}

const MAX_TEXT = 20_000
const MAX_LINKS = 200
const INLINE = [
  'a',
  'abbr',
  'b',
  'cite',
  'code',
  'em',
  'i',
  'kbd',
  'mark',
  'q',
  's',
  'small',
].concat(['span', 'strong', 'sub', 'sup', 'u', 'var'])

/** Title, text and links of a page. */
export function extract({ url, contentType, body }: Omit<Page, 'bytes'>): Extract {
  if (contentType === 'text/plain') return { title: null, text: shorten(body), links: [] }
  const tokens = [...tokenize(body)]
  const title = tokens.find((token) => token.kind === 'raw' && token.name === 'title')
  return {
    title: title?.kind === 'raw' ? collapse(title.text) || null : null,
    text: shorten(tokens.map(visible).join('')),
    links: linksOf(tokens, url),
  }
}

/** A tag ends a word, unless it is one that stands inside of words. */
function visible(token: Token): string {
  if (token.kind === 'text') return token.text
  return token.kind === 'tag' && !INLINE.includes(token.name) ? ' ' : ''
}

function linksOf(tokens: readonly Token[], base: string): string[] {
  const links = new Set<string>()
  for (const token of tokens) {
    const href = token.kind === 'tag' && token.name === 'a' ? token.attributes.get('href') : null
    if (!href || !URL.canParse(href, base)) continue
    const url = new URL(href, base)
    url.hash = ''
    if (/^https?:$/.test(url.protocol) && links.size < MAX_LINKS) links.add(url.href)
  }
  return [...links]
}

function shorten(text: string): string {
  return collapse(text).slice(0, MAX_TEXT)
}

function collapse(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
