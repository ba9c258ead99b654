// The schemas are the emulator's own test support, which it does not publish.
export { checkedObserver as held } from '../../../packages/stripe-emulator/test/schemas/observe.ts'
