/** The page after signing in, if `next` names none. */
const HOME = '/billing'

/**
 * The page to go to after signing in: only a path on this origin. Anybody can write a URL with `next`, and it must not
 * lead from our sign-in to another site.
 */
export function nextPath(next: unknown): string {
  if (typeof next !== 'string' || !next.startsWith('/')) return HOME
  const base = 'http://origin.invalid'
  if (!URL.canParse(next, base)) return HOME
  const url = new URL(next, base)
  return url.origin === base ? `${url.pathname}${url.search}${url.hash}` : HOME
}
