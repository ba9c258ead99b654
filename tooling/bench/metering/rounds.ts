/** A side of a comparison: does its work once and answers how much of it a second holds. */
export interface Side {
  name: string
  run: () => Promise<number>
}

export interface Ratio {
  name: string
  /** The side whose speed is judged, and the one that it is judged by. */
  of: string
  against: string
  target: number
}

/**
 * Runs the sides in turn, round after round, so that what else the machine does falls on all of them, and answers the
 * median of each round's ratio. The first round warms up and counts for nothing.
 */
export async function compare(
  sides: readonly Side[],
  ratios: readonly Ratio[],
  rounds: number,
): Promise<Record<string, number>> {
  const speeds = new Map(sides.map(({ name }): [string, number[]] => [name, []]))
  for (let round = 0; round <= rounds; round += 1) {
    for (const { name, run } of sides) {
      const speed = await run()
      if (round > 0) speeds.get(name)?.push(speed)
    }
  }
  for (const { name } of sides) {
    console.log(`${name.padEnd(28)} ${median(speeds.get(name)).toFixed(0).padStart(9)} a second`)
  }
  return Object.fromEntries(
    ratios.map(({ name, of, against, target }) => {
      const each = (speeds.get(of) ?? []).map((speed, i) => speed / (speeds.get(against)?.[i] ?? 1))
      const ratio = Number(median(each).toFixed(2))
      const verdict = ratio >= target ? 'reached' : 'not reached'
      console.log(
        `${name.padEnd(28)} ${ratio.toFixed(2).padStart(9)} (${target.toFixed(2)} ${verdict})`,
      )
      return [name, ratio]
    }),
  )
}

function median(values: readonly number[] = []): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
