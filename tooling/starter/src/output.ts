/** Where a part tells what it does. */
export type Say = (line: string) => void

/** Tells a step, on stdout. */
export const say: Say = (line) => console.log(line)

/** Ends the start with lines that say what to do; no stack is shown. */
export class StartError extends Error {
  readonly lines: readonly string[]

  constructor(...lines: string[]) {
    super(lines.join('\n'))
    this.name = 'StartError'
    this.lines = lines
  }
}

/** Prints why it stopped: a StartError's own lines, or an unexpected error whole. */
export function explain(error: unknown): void {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  for (const line of error instanceof StartError ? error.lines : [text]) console.error(line)
}
