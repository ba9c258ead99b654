/** Where a sign-in leads unless it came from somewhere. */
const HOME = '/billing'

/**
 * The page to go to after signing in. Only a path on this origin: `next` stands in the URL, so that anybody
 * could have written it, and nobody is to be led to another site from our sign-in.
 */
export function nextPath(next: unknown): string {
  if (typeof next !== 'string' || !next.startsWith('/')) return HOME
  const base = 'http://origin.invalid'
  if (!URL.canParse(next, base)) return HOME
  const url = new URL(next, base)
  return url.origin === base ? `${url.pathname}${url.search}${url.hash}` : HOME
}
