const STEPS = [1, 2, 2.5, 5, 10]

/** Four to six round whole numbers from 0 to at least `max`, evenly apart: what an axis of counts is marked with. */
export function axisTicks(max: number): number[] {
  const power = 10 ** Math.floor(Math.log10(Math.max(max, 4) / 4))
  const step =
    STEPS.map((factor) => factor * power).find(
      (each) => Number.isInteger(each) && each * 5 >= max,
    ) ?? 10 * power
  const count = Math.max(1, Math.ceil(max / step))
  return Array.from({ length: count + 1 }, (_, index) => index * step)
}
