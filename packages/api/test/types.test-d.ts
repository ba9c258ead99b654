import type { Context } from '@tollgate/core'
import { createTRPCReact } from '@trpc/react-query'
import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server'
import type { FastifyInstance } from 'fastify'
import type { AppRouter, CatalogIds } from '../src/index.ts'
import { createContext, toFetchHandler, tollgatePlugin } from '../src/index.ts'
import type { catalog } from './world.ts'

// Checked by `tsc` alone, never run: what a catalogue's type does to the router's.

type Meter = 'minutes' | 'gb'
type Plan = 'starter' | 'team' | 'early'
type In = inferRouterInputs<AppRouter<typeof catalog>>
type Out = inferRouterOutputs<AppRouter<typeof catalog>>
type AnyIn = inferRouterInputs<AppRouter>
type AnyOut = inferRouterOutputs<AppRouter>

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
declare function same<A, B>(
  ..._same: Same<A, B> extends true ? [] : ['these types differ', A, B]
): void

// Inputs.
same<In['usage']['record']['meter'], Meter>()
same<In['usage']['consume']['meter'], Meter>()
same<In['usage']['reserve']['meter'], Meter>()
same<In['usage']['check']['meter'], Meter>()
same<In['usage']['events']['meter'], Meter | undefined>()
same<In['usage']['recordBatch']['events'][number]['meter'], Meter>()
same<In['billing']['usageHistory']['meter'], Meter | undefined>()
same<In['billing']['checkout']['plan'], Plan>()
same<In['billing']['previewChange']['plan'], Plan>()
same<In['billing']['changePlan']['plan'], Plan>()
same<Extract<In['admin']['users'], object>['plan'], Plan | 'unknown' | undefined>()
same<In['billing']['buyPack']['pack'], 'gb50'>()
same<In['admin']['setQuota']['meter'], Meter>()
same<In['admin']['setFeature']['feature'], 'sso' | 'seats'>()
same<In['billing']['checkout']['interval'], 'month' | 'year' | undefined>()
// What is no name stays as it was.
same<In['usage']['record']['userId'], string>()
same<In['usage']['record']['metadata'], Record<string, unknown> | undefined>()
same<In['admin']['setQuota']['limit'], number | 'unlimited' | null>()
same<Extract<In['admin']['users'], object>['sort'], 'newest' | 'oldest' | 'email' | undefined>()

// Outputs: arrays, records that are keyed by meter, plans that may be null.
same<Out['usage']['record']['balance']['meter'], Meter>()
same<
  Out['usage']['consume']['reason'],
  'quota_exceeded' | 'no_subscription' | 'subscription_inactive' | null
>()
same<Out['billing']['usage']['meters'][number]['meter'], Meter>()
same<Out['billing']['usageHistory'][number]['meter'], Meter>()
same<Out['billing']['quota'][number]['meter'], Meter>()
same<Out['billing']['plans'][number]['id'], Plan>()
same<Out['billing']['plans'][number]['limits'], Record<Meter, number>>()
same<Out['billing']['plans'][number]['unlimited'], Record<Meter, boolean>>()
same<NonNullable<Out['billing']['subscription']>['plan'], Plan | null>()
same<Out['billing']['cancel']['pendingPlan'], Plan | null>()
same<Out['billing']['changePlan']['subscription']['plan'], Plan | null>()
same<Out['billing']['catalog']['meters'][number]['id'], Meter>()
same<Out['billing']['catalog']['meters'][number]['unit'], [string, string]>()
same<Out['billing']['catalog']['plans'][number]['limits'][number]['meter'], Meter>()
same<Out['billing']['catalog']['packs'][number]['id'], 'gb50'>()
same<Out['admin']['users']['items'][number]['plan'], Plan | null>()
same<Out['admin']['users']['items'][number]['usage'][number]['meter'], Meter>()
same<Out['admin']['user']['subscriptions'][number]['plan'], Plan | null>()
same<Out['admin']['overview']['subscriptions'][number]['plan'], Plan | null>()
same<Out['admin']['overview']['usage']['meters'][number]['meter'], Meter>()
same<Out['admin']['setQuota']['meter'], Meter>()
same<Out['billing']['features'], { sso: boolean; seats: number }>()
same<Out['admin']['setFeature']['feature'], 'sso' | 'seats'>()
// An event may be of a meter that the catalogue no longer has.
same<Out['usage']['events']['items'][number]['meter'], string>()

// Without a catalogue: strings, and nothing of how they are marked.
same<AnyIn['usage']['record']['meter'], string>()
same<AnyIn['billing']['buyPack']['pack'], string>()
same<AnyIn['billing']['checkout']['plan'], string>()
same<AnyOut['billing']['plans'][number]['limits'], Record<string, number>>()
same<AnyOut['admin']['users']['items'][number]['plan'], string | null>()

same<AnyOut['billing']['features'], Record<string, boolean | number>>()

// A React app's hooks, those for admins too.
const hooks = createTRPCReact<AppRouter<typeof catalog>>()
export function Operator() {
  const users = hooks.admin.users.useInfiniteQuery(
    { plan: 'team' },
    { getNextPageParam: ({ nextCursor }) => nextCursor },
  )
  const setQuota = hooks.admin.setQuota.useMutation()
  setQuota.mutate({ userId: 'u', meter: 'gb', limit: null, reason: 'r' })
  // @ts-expect-error a meter that the catalogue lacks
  setQuota.mutate({ userId: 'u', meter: 'tokens', limit: null, reason: 'r' })
  // @ts-expect-error a plan that the catalogue lacks
  hooks.admin.users.useQuery({ plan: 'pro' })
  const [plan] = users.data?.pages.flatMap(({ items }) => items.map((user) => user.plan)) ?? []
  same<typeof plan, Plan | null | undefined>()
  return plan ?? null
}

// A catalogue's type fits, and so does the part of it that the router's type needs.
export type ByHand = AppRouter<{
  readonly meterIds: readonly 'a'[]
  readonly planIds: readonly 'b'[]
}>
// @ts-expect-error a catalogue is no list of names
export type NoCatalog = AppRouter<['minutes', 'gb']>
export const fits = (own: typeof catalog): CatalogIds => own

// Core of any catalogue.
export async function mount(host: FastifyInstance, core: Context<typeof catalog>) {
  const origins = ['https://product.example.com']
  await host.register(tollgatePlugin, {
    core,
    origins,
    identify: async ({ headers }) => (headers.cookie ? null : null),
  })
  createContext({ core, origins, caller: { kind: 'anonymous' } })
  const handler = toFetchHandler({
    core,
    origins,
    identify: async (request: Request) => (request.headers.has('cookie') ? null : null),
  })
  // As a host's routes declare themselves.
  const GET: (request: Request, context: { params: Promise<object> }) => Promise<Response> = handler
  return GET
}
