export { applyCatalog } from './apply-catalog.ts'
export { syncCustomer, syncWaiting } from './sync-customer.ts'
