export { adoptCustomer, namedUser } from '../../sync/customer-binding.ts'
export type { StripeTrouble } from './account.ts'
export {
  accountOf,
  assertReachable,
  assertSameAccount,
  boundAt,
  noteStop,
  portalConfiguration,
  stripeTrouble,
  writePortal,
} from './account.ts'
