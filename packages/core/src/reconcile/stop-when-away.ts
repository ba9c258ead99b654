import type { Clock } from '../clock.ts'
import type { TollgateError } from '../errors.ts'

/** So many failures in a row are no chance any more, even where most of Stripe's answers fail. */
const MOST_IN_A_ROW = 20
/** And these are none, where Stripe has said nothing for so long. */
const FEW_IN_A_ROW = 3
const SILENT_MS = 60_000

/**
 * Tells an outage of Stripe from calls that fail now and then: called after each step with its failure, it throws the
 * last one when Stripe has not answered for long.
 */
export function stopWhenAway(clock: Clock): (failure: TollgateError | undefined) => void {
  let inARow = 0
  let answeredAt = clock.now().getTime()
  return (failure) => {
    const now = clock.now().getTime()
    if (failure === undefined) {
      inARow = 0
      answeredAt = now
      return
    }
    inARow += 1
    const isLong = inARow >= FEW_IN_A_ROW && now - answeredAt >= SILENT_MS
    if (inARow >= MOST_IN_A_ROW || isLong) throw failure
  }
}
