import { noSuch } from '../../../core/errors.ts'
import { shape } from '../../params/shape.ts'
import { ApiCaller } from '../caller.ts'
import type { ControlParts, ControlRoute } from '../route.ts'
import { asStrings, controlRoute } from '../route.ts'
import { billingScenarios } from './billing.ts'
import { disputeScenarios } from './disputes.ts'
import type { Scenario } from './scenario.ts'
import { subscribe } from './subscribe.ts'

const SCENARIOS: readonly Scenario[] = [subscribe, ...billingScenarios, ...disputeScenarios]

/** Lists and runs the scenarios. */
export function scenarioRoutes({ engine, store, endpoints }: ControlParts): ControlRoute[] {
  const context = { engine, store, api: new ApiCaller(engine, endpoints) }
  return [
    controlRoute(
      'GET /_emulator/scenarios',
      { summary: 'The scenarios', params: shape({}) },
      () => ({ data: SCENARIOS.map(({ name, summary, takes }) => ({ name, summary, takes })) }),
    ),
    {
      method: 'POST',
      path: '/_emulator/scenarios/:id',
      summary: `Runs a scenario: ${SCENARIOS.map(({ name }) => name).join(', ')}`,
      takes: 'as listed by GET /_emulator/scenarios',
      run({ id, body }) {
        const found = SCENARIOS.find(({ name }) => name === id)
        if (found === undefined) throw noSuch('scenario', id)
        engine.catchUp()
        return found.run(context, asStrings(body ?? {}))
      },
    },
  ]
}
