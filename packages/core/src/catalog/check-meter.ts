import { TollgateError } from '../errors.ts'
import type { AnyCatalog } from './catalog.ts'
import { isMeter } from './catalog.ts'

/** Throws UNKNOWN_METER for a meter that the catalogue lacks, and names those that it has. */
export function checkMeter(catalog: AnyCatalog, meter: string): void {
  if (isMeter(catalog, meter)) return
  const known = catalog.meterIds.join(', ')
  throw new TollgateError('UNKNOWN_METER', `meter: ${JSON.stringify(meter)} is not one of ${known}`)
}
