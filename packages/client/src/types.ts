import type { AppRouter } from '@tollgate/api'
import type { AnyCatalog, MeterOf, PlanOf } from '@tollgate/core'
import type { TRPCClient, TRPCClientError } from '@trpc/client'

export type { AnyCatalog, AppRouter }

/** The procedures a sibling app calls. `admin.*` is left out: an API key is never an admin. */
export type TollgateClient<C extends AnyCatalog = AnyCatalog> = Pick<
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

type Usage<C extends AnyCatalog> = TollgateClient<C>['usage']

/** One use of a meter. */
export type RecordInput<C extends AnyCatalog = AnyCatalog> = Parameters<
  Usage<C>['record']['mutate']
>[0]
export type Meter<C extends AnyCatalog = AnyCatalog> = MeterOf<C>
export type PlanId<C extends AnyCatalog = AnyCatalog> = PlanOf<C>
export type Balance<C extends AnyCatalog = AnyCatalog> = BalanceIn<
  Awaited<ReturnType<TollgateClient<C>['usage']['check']['query']>>
>
type BalanceIn<Answer> = Answer extends { balance: infer B } ? B : never

/** Every way in which a call can fail. A refused quota is none: that is an answer. */
export type ErrorCode = NonNullable<TRPCClientError<AppRouter>['data']>['errorCode']
