import type { AppRouter, CatalogIds } from '@tollgate/api'
import type { TRPCClient, TRPCClientError } from '@trpc/client'

export type { AppRouter, CatalogIds }

/**
 * A catalogue's type written by hand, for an app that can't import the catalogue itself:
 * `createTollgateClient<CatalogOf<'minutes' | 'gb', 'starter' | 'team'>>(…)`.
 */
export interface CatalogOf<Meters extends string, Plans extends string> extends CatalogIds {
  readonly meterIds: readonly Meters[]
  readonly planIds: readonly Plans[]
}

/** The procedures a sibling app calls. `admin.*` is left out: an API key is never an admin. */
export type TollgateClient<C extends CatalogIds = CatalogIds> = Pick<
  TRPCClient<AppRouter<C>>,
  'billing' | 'usage' | 'users'
>

type Mutation = { mutate: (input: never) => unknown }

/** The name of every mutation, as `usage.record`. */
export type MutationPath = {
  [Domain in keyof TollgateClient]: {
    [Name in keyof TollgateClient[Domain]]: TollgateClient[Domain][Name] extends Mutation
      ? `${Domain}.${Name & string}`
      : never
  }[keyof TollgateClient[Domain]]
}[keyof TollgateClient]

type Usage<C extends CatalogIds> = TollgateClient<C>['usage']

/** One use of a meter. */
export type RecordInput<C extends CatalogIds = CatalogIds> = Parameters<
  Usage<C>['record']['mutate']
>[0]
export type Meter<C extends CatalogIds = CatalogIds> = C['meterIds'][number]
/** The id of a pack; any text where the catalogue's type says nothing of packs. */
export type PackId<C extends CatalogIds = CatalogIds> = NonNullable<C['packIds']>[number]
export type PlanId<C extends CatalogIds = CatalogIds> = C['planIds'][number]
/** How much of a meter is used, reserved and left in the present window. */
export type Balance<C extends CatalogIds = CatalogIds> = BalanceIn<
  Awaited<ReturnType<Usage<C>['check']['query']>>
>
type BalanceIn<Result> = Result extends { balance: infer B } ? B : never

/** Every way in which a call can fail. A refused quota is none of them: that is a result. */
export type ErrorCode = NonNullable<TRPCClientError<AppRouter>['data']>['errorCode']
