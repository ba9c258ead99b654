import type { Tables } from '../../core/store/store.ts'
import { Table } from '../../core/store/table.ts'
import { meterEventDue } from './events/process.ts'
import { bucketOf, usageKey } from './usage.ts'

type Name = 'meters' | 'meter_events' | 'meter_sessions' | 'meter_usage' | 'usage_starts'

/** The tables of meters and their usage. */
export function meterTables(): Pick<Tables, Name> {
  return {
    meters: new Table({
      indexes: { event_name: (doc) => (doc.status === 'active' ? doc.event_name : null) },
    }),
    meter_events: new Table({
      indexes: {
        bucket: bucketOf,
        meter: (doc) => doc.meter,
        state: (doc) => doc.state,
        waiting: (doc) => (doc.due === undefined ? null : 'yes'),
      },
      due: meterEventDue,
    }),
    meter_sessions: new Table({ indexes: { token: (doc) => doc.authentication_token } }),
    meter_usage: new Table({
      indexes: { usage: (doc) => usageKey(doc), meter: (doc) => doc.meter },
    }),
    usage_starts: new Table(),
  }
}
