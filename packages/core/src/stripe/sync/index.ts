export { applyCatalog } from './apply-catalog.ts'
export { hasEnded } from './decide.ts'
export { syncCustomer, syncWaiting } from './sync-customer.ts'
