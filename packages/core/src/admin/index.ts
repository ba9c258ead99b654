export type {
  CustomerWarning,
  SubscriptionLine,
  UserDetails,
  UserSummary,
  UsersInput,
} from './customers.ts'
export { getUser, listUsers } from './customers.ts'
export type { Notice, NoticeCode, Overview } from './overview.ts'
export { getOverview } from './overview.ts'
