import type { catalog, Meter, PlanId } from '@tollgate/testing/catalog'
import type {
  Balance,
  CatalogOf,
  ErrorCode,
  RecordInput,
  TollgateApiError,
  TollgateClient,
} from '../src/index.ts'
import { createTollgateClient } from '../src/index.ts'

// Checked by `tsc` alone, never run: from the plan catalogue to a caller, with nothing generated in between.

const client = createTollgateClient<typeof catalog>({
  url: 'http://127.0.0.1:3000',
  apiKey: 'tg_1',
})
const use = { userId: 'u', amount: 1, idempotencyKey: 'job-1' }

export const right = [
  client.usage.record.mutate({ ...use, meter: 'tokens' }),
  client.usage.record.mutate({ ...use, meter: 'apiCalls' }),
  client.usage.consume.mutate({ ...use, meter: 'scrapingTasks' }),
  client.billing.checkout.mutate({ userId: 'u', plan: 'enterprise' }),
]

// @ts-expect-error a meter that the catalogue does not have
export const wrongMeter = client.usage.record.mutate({ ...use, meter: 'token' })
// @ts-expect-error nor in a query
export const wrongMeterChecked = client.usage.check.query({ userId: 'u', meter: 'api_calls' })
export const wrongMeterInBatch = client.usage.recordBatch.mutate({
  // @ts-expect-error nor inside a batch
  events: [{ ...use, meter: 'scrapes' }],
})
// @ts-expect-error a plan that the catalogue does not have
export const wrongPlan = client.billing.checkout.mutate({ userId: 'u', plan: 'gold' })
// @ts-expect-error a procedure that the router does not have
export const wrongProcedure = client.usage.recrod
// @ts-expect-error a query is not a mutation
export const wrongVerb = client.usage.check.mutate
// @ts-expect-error a use without an idempotency key
export const noKey = client.usage.record.mutate({ userId: 'u', meter: 'tokens', amount: 1 })
// @ts-expect-error an API key is never an admin
export const admin = client.admin

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false

export const meters: Same<Meter, RecordInput<typeof catalog>['meter']> = true
export const plans: Same<PlanId, 'basic' | 'pro' | 'enterprise'> = true
export const metersOfInputs: Same<
  RecordInput<typeof catalog>['meter'],
  Balance<typeof catalog>['meter']
> = true
export const codes: Same<TollgateApiError['errorCode'], ErrorCode> = true
// @ts-expect-error error codes are a closed set
export const wrongCode: ErrorCode = 'RATE_LIMIT'

// What comes back is named by the catalogue too: in arrays, in records by meter, where a plan may be null.
type Output<P extends { query: (...input: never) => Promise<unknown> }> = Awaited<
  ReturnType<P['query']>
>
type Billing = TollgateClient<typeof catalog>['billing']
export const usedMeters: Same<Output<Billing['usage']>['meters'][number]['meter'], Meter> = true
export const limits: Same<Output<Billing['plans']>[number]['limits'], Record<Meter, number>> = true
export const offered: Same<Output<Billing['plans']>[number]['id'], PlanId> = true
export const subscribed: Same<NonNullable<Output<Billing['subscription']>>['plan'], PlanId | null> =
  true
export const declared: Same<Output<Billing['catalog']>['plans'][number]['id'], PlanId> = true

// Where the catalogue can't be imported, its type is written by hand.
type ByHand = CatalogOf<'minutes' | 'gb', 'starter'>
const byHand = createTollgateClient<ByHand>({ url: 'http://127.0.0.1:3000', apiKey: 'tg_1' })
export const minutes = byHand.usage.record.mutate({ ...use, meter: 'minutes' })
// @ts-expect-error a meter of another catalogue
export const tokens = byHand.usage.record.mutate({ ...use, meter: 'tokens' })
export const metersByHand: Same<Balance<ByHand>['meter'], 'minutes' | 'gb'> = true

// Without a catalogue's type, meters and plans are strings.
const anyClient = createTollgateClient({ url: 'http://127.0.0.1:3000', apiKey: 'tg_1' })
export const anyMeter = (meter: string) => anyClient.usage.record.mutate({ ...use, meter })
export const anyMeters: Same<Balance['meter'], string> = true
export const anyLimits: Same<
  Output<TollgateClient['billing']['plans']>[number]['limits'],
  Record<string, number>
> = true
