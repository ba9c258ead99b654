/** Ends a start, or a command, with lines that say what to mend; no stack is shown. */
export class StartError extends Error {
  override readonly name: string = 'StartError'
  readonly lines: readonly string[]

  constructor(...lines: string[]) {
    super(lines.join('\n'))
    this.lines = lines
  }
}

/** Why it stopped, for people: a StartError's own lines, else one line with the cause that it has. */
export function explain(error: unknown): readonly string[] {
  if (error instanceof StartError) return error.lines
  if (!(error instanceof Error)) return [String(error)]
  const { message, cause } = error
  return [cause instanceof Error ? `${message}: ${cause.message}` : message]
}
