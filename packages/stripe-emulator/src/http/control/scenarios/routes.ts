import { noSuch } from '../../../core/errors.ts'
import { shape } from '../../params/shape.ts'
import { ApiCaller } from '../caller.ts'
import type { ControlParts, ControlRoute } from '../route.ts'
import { asTexts, controlRoute } from '../route.ts'
import { billingScenarios } from './billing.ts'
import type { Scenario } from './scenario.ts'
import { subscribe } from './subscribe.ts'

const SCENARIOS: readonly Scenario[] = [subscribe, ...billingScenarios]

/** Things that happen to subscriptions, at a call. */
export function scenarioRoutes({ engine, store, endpoints }: ControlParts): ControlRoute[] {
  const stage = { engine, store, api: new ApiCaller(engine, endpoints) }
  return [
    controlRoute(
      'GET /_emulator/scenarios',
      { summary: 'The scenarios that there are', params: shape({}) },
      () => ({ data: SCENARIOS.map(({ name, summary, takes }) => ({ name, summary, takes })) }),
    ),
    {
      method: 'POST',
      path: '/_emulator/scenarios/:id',
      summary: `Makes something happen: ${SCENARIOS.map(({ name }) => name).join(', ')}`,
      takes: 'what GET /_emulator/scenarios says of it',
      run({ id, body }) {
        const found = SCENARIOS.find(({ name }) => name === id)
        if (found === undefined) throw noSuch('scenario', id)
        engine.catchUp()
        return found.run(stage, asTexts(body ?? {}))
      },
    },
  ]
}
