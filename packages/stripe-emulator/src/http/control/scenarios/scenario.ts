import type { Engine } from '../../../core/engine.ts'
import type { Store } from '../../../core/store/store.ts'
import type { Param } from '../../params/param.ts'
import type { ApiCaller } from '../caller.ts'

/** What a scenario works with. */
export interface ScenarioContext {
  api: ApiCaller
  store: Store
  engine: Engine
}

/** A billing event that can be made to happen now, such as a failed renewal. */
export interface Scenario {
  name: string
  summary: string
  takes: string
  run(context: ScenarioContext, given: unknown): object
}

/** Declares a scenario; its parameters are parsed before it runs. */
export function scenario<P>(
  name: string,
  about: { summary: string; takes: string; params: Param<P> },
  run: (context: ScenarioContext, params: P) => object,
): Scenario {
  const { summary, takes, params } = about
  return { name, summary, takes, run: (context, given) => run(context, params.read(given, '')) }
}
