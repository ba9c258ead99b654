/** How long an event is kept: 30 days (docs/stripe.md, fact 22). */
export const KEPT_SECONDS = 30 * 86_400

/** Whether an event type matches a pattern: itself, `invoice.*` or `*`. */
export function matchesType(type: string, pattern: string): boolean {
  return (
    pattern === '*' ||
    pattern === type ||
    (pattern.endsWith('.*') && type.startsWith(pattern.slice(0, -1)))
  )
}
