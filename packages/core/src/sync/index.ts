export { syncCustomer, syncWaiting } from './sync-customer.ts'
