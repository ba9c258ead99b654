import type { Engine } from '../../../core/engine.ts'
import type { Store } from '../../../core/store.ts'
import type { Param } from '../../params/param.ts'
import type { ApiCaller } from '../caller.ts'

/** What scenarios work with. */
export interface Stage {
  api: ApiCaller
  store: Store
  engine: Engine
}

/** Something that happens in the life of a subscription, made to happen now. */
export interface Scenario {
  name: string
  summary: string
  takes: string
  run(stage: Stage, given: unknown): object
}

/** Declares a scenario; its parameters are read before anything happens. */
export function scenario<P>(
  name: string,
  about: { summary: string; takes: string; params: Param<P> },
  run: (stage: Stage, params: P) => object,
): Scenario {
  const { summary, takes, params } = about
  return { name, summary, takes, run: (stage, given) => run(stage, params.read(given, '')) }
}
