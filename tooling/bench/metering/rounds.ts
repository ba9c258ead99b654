/** A side of a comparison: does its work once and answers what it measured, by name. */
export interface Side {
  run: () => Promise<Readonly<Record<string, number>>>
}

export interface Ratio {
  name: string
  /** A measure and the one that it is judged by. Of several pairs the worst counts. */
  pairs: readonly (readonly [of: string, against: string])[]
  atLeast?: number
  atMost?: number
}

/**
 * Runs the sides in turn, round after round, so that what else the machine does falls on all of them, and answers the
 * median of each round's ratio. Every other round runs them backwards: none is always the one after another. The
 * first round warms up and counts for nothing.
 */
export async function compare(
  sides: readonly Side[],
  ratios: readonly Ratio[],
  rounds: number,
): Promise<Record<string, number>> {
  const measured = new Map<string, number[]>()
  for (let round = 0; round <= rounds; round += 1) {
    for (const { run } of round % 2 === 0 ? sides : sides.toReversed()) {
      const measures = Object.entries(await run())
      if (round === 0) continue
      for (const [name, value] of measures) {
        measured.set(name, [...(measured.get(name) ?? []), value])
      }
    }
  }
  for (const [name, values] of measured) print(name, percentile(values, 0.5).toFixed(2))
  return Object.fromEntries(ratios.map((ratio) => [ratio.name, judge(ratio, measured)]))
}

function judge(ratio: Ratio, measured: ReadonlyMap<string, number[]>): number {
  const medians = ratio.pairs.map(([of, against]) => {
    const divisors = measured.get(against) ?? []
    const each = (measured.get(of) ?? []).map((value, i) => value / (divisors[i] ?? Number.NaN))
    return percentile(each, 0.5)
  })
  const { name, atLeast, atMost } = ratio
  const value = Number(Math[atMost === undefined ? 'min' : 'max'](...medians).toFixed(2))
  const reached = atMost === undefined ? value >= (atLeast ?? 0) : value <= atMost
  const bound = atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`
  print(name, value.toFixed(2), `${bound}: ${reached ? 'reached' : 'not reached'}`)
  return value
}

function print(name: string, value: string, comment = ''): void {
  console.log(`${name.padEnd(34)} ${value.padStart(11)}  ${comment}`.trimEnd())
}

/** The value that `part` of the values are below: 0.5 is the median. */
export function percentile(values: readonly number[], part: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * part)] ?? Number.NaN
}
