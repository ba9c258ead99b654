export { WEBHOOK_PATH } from '@tollgate/core'
export type { Rule } from './access.ts'
export { access } from './access.ts'
export type { AppRouter, CatalogIds } from './app-router.ts'
export type {
  ApiContext,
  ApiContextOptions,
  Caller,
  ObservedCall,
  SessionCaller,
  Subject,
} from './context.ts'
export { createContext } from './context.ts'
export type { LimitedCall } from './http/admission/admission.ts'
export type { Identify } from './http/admission/caller.ts'
export { BodyReader } from './http/body/body-reader.ts'
export { fitJson } from './http/body/fit-json.ts'
export { answerFailure } from './http/failure.ts'
export type { FetchHandler, FetchHandlerOptions } from './http/fetch/fetch-handler.ts'
export { toFetchHandler } from './http/fetch/fetch-handler.ts'
export { answerUnknown } from './http/not-found.ts'
export type { TollgatePluginOptions } from './http/plugin.ts'
export { tollgatePlugin } from './http/plugin.ts'
export { appRouter } from './router.ts'
