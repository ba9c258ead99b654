/** What decides a run of the fuzz test: the same seed makes the same calls. */
export interface FuzzEnv {
  seed: number
  /** How many calls are made. */
  runs: number
}

/** So many calls reach everything. */
export const ENOUGH_RUNS = 10_000

/** `FUZZ_SEED` and `FUZZ_RUNS`; else always the same seed, so that every test run makes the same calls. */
export function readFuzzEnv(): FuzzEnv {
  const { FUZZ_SEED, FUZZ_RUNS } = process.env
  return { seed: Number(FUZZ_SEED ?? 20_261_130), runs: Number(FUZZ_RUNS ?? ENOUGH_RUNS) }
}
