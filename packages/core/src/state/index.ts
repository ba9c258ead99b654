export type { Alert, State } from './get-state.ts'
export { getState } from './get-state.ts'
