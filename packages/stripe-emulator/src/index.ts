export type { Clock } from './core/clock.ts'
export type { Dunning, MeterProcessing } from './core/context.ts'
export type { EmulatorFaults, FaultOptions } from './core/faults/emulator-faults.ts'
export type {
  DeliveryFault,
  FaultDelivery,
  FaultError,
  FaultRequest,
  Faults,
  RequestFault,
} from './core/faults/fault.ts'
export type { FaultRule, FaultState, Occurrence } from './core/faults/rule.ts'
export type {
  EmulatorClock,
  EmulatorOptions,
  StripeEmulator,
} from './emulator.ts'
export { startStripeEmulator } from './emulator.ts'
export type { ApiKeys, KeyRestriction, RestrictedKeys } from './http/keys/api-keys.ts'
export type { Exchange, Observer } from './http/server.ts'
export type { WebhookOptions } from './webhooks/targets.ts'
