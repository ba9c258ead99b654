import type { AppRouter } from '@tollgate/api'
import type { CatalogIds } from '@tollgate/api'
import type { TRPCClient, TRPCClientError } from '@trpc/client'

export type { CatalogIds, AppRouter }

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
export type PlanId<C extends CatalogIds = CatalogIds> = C['planIds'][number]
export type Balance<C extends CatalogIds = CatalogIds> = BalanceIn<
  Awaited<ReturnType<TollgateClient<C>['usage']['check']['query']>>
>
type BalanceIn<Answer> = Answer extends { balance: infer B } ? B : never

/** Every way in which a call can fail. A refused quota is none: that is an answer. */
export type ErrorCode = NonNullable<TRPCClientError<AppRouter>['data']>['errorCode']
