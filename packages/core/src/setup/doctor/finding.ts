/** What the doctor found out about one thing. */
export interface Finding {
  /** What was looked at, as in `webhook endpoint`. */
  name: string
  ok: boolean
  /** How it is. */
  message: string
  /** What to do about it; null where nothing is. */
  fix: string | null
}

export function ok(name: string, message: string): Finding {
  return { name, ok: true, message, fix: null }
}

export function problem(name: string, message: string, fix: string): Finding {
  return { name, ok: false, message, fix }
}
