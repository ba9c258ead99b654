/** Chance that can be had again: the same seed gives the same numbers. */
export interface Random {
  /** From `least` to `most`, both included. */
  int(least: number, most: number): number
  chance(share: number): boolean
  /** Undefined for an empty list. */
  pick<T>(list: readonly T[]): T | undefined
}

/** Source: mulberry32. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const int = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
  return {
    int,
    chance: (share) => next() < share,
    pick: (list) => list[int(0, list.length - 1)],
  }
}
