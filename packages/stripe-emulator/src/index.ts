export type { Clock } from './core/clock.ts'
export type { Dunning } from './core/context.ts'
export type { DeliveryFault, FaultRequest, Faults, RequestFault } from './core/faults.ts'
export {
  type EmulatorClock,
  type EmulatorOptions,
  type StripeEmulator,
  startStripeEmulator,
} from './emulator.ts'
export type { WebhookOptions } from './webhooks/targets.ts'
