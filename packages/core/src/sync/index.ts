export { applyCatalog } from '../quota/apply-catalog.ts'
export { syncCustomer, syncWaiting } from './sync-customer.ts'
