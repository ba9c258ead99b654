/** What the doctor found about one thing. */
export interface Finding {
  /** What was checked, as in `webhook endpoint`. */
  name: string
  ok: boolean
  /** What was found. */
  message: string
  /** What to do; null where nothing is to do. */
  fix: string | null
}

export function ok(name: string, message: string): Finding {
  return { name, ok: true, message, fix: null }
}

export function problem(name: string, message: string, fix: string): Finding {
  return { name, ok: false, message, fix }
}
