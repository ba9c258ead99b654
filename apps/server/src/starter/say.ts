/** Where a part tells what it does. */
export type Say = (line: string) => void

/** Tells a step, on stdout. */
export const say: Say = (line) => {
  process.stdout.write(`${line}\n`)
}

/** As `say`, where stdout belongs to the result of a command. */
export const note: Say = (line) => {
  process.stderr.write(`${line}\n`)
}
