import type { AppRouter } from '@tollgate/api'
import type { TRPCClient, TRPCClientError } from '@trpc/client'

export type { AppRouter }

/** The procedures a sibling app calls. `admin.*` is left out: an API key is never an admin. */
export type TollgateClient = Pick<TRPCClient<AppRouter>, 'billing' | 'usage' | 'users'>

type Mutation = { mutate: (input: never) => unknown }

/** The name of every mutation, as `usage.record`. */
export type MutationPath = {
  [Domain in keyof TollgateClient]: {
    [Name in keyof TollgateClient[Domain]]: TollgateClient[Domain][Name] extends Mutation
      ? `${Domain}.${Name & string}`
      : never
  }[keyof TollgateClient[Domain]]
}[keyof TollgateClient]

type Usage = TollgateClient['usage']
type Billing = TollgateClient['billing']

/** One use of a meter. */
export type RecordInput = Parameters<Usage['record']['mutate']>[0]
export type Meter = RecordInput['meter']
export type PlanId = Parameters<Billing['checkout']['mutate']>[0]['plan']
export type Balance = Awaited<ReturnType<Usage['check']['query']>>['balance']
/** Every way in which a call can fail. A refused quota is none: that is an answer. */
export type ErrorCode = NonNullable<TRPCClientError<AppRouter>['data']>['errorCode']
