/** What decides a run of the fault tests: the same seed is the same load and the same moments. */
export interface FaultEnv {
  seed: number
  /** How often each test kills something, or moves the clocks. */
  rounds: number
}

/** As many as every test run can spare; `FAULT_ROUNDS` sets more. */
const FEW_ROUNDS = 4

/** `FAULT_SEED` and `FAULT_ROUNDS`; else a seed by chance, and few rounds. */
export function readFaultEnv(): FaultEnv {
  const { FAULT_SEED, FAULT_ROUNDS } = process.env
  return {
    seed: Number(FAULT_SEED ?? crypto.getRandomValues(new Uint32Array(1))[0]),
    rounds: Number(FAULT_ROUNDS ?? FEW_ROUNDS),
  }
}

/** For the programs that a test begins with. */
export const START_TIMEOUT_MS = 180_000

/** Generous: a round waits for a process to start, which takes seconds on a busy machine. */
export function timeoutMs(rounds: number): number {
  return 60_000 + rounds * 30_000
}
