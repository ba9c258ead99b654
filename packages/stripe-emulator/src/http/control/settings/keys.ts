import { noSuch } from '../../../core/errors.ts'
import { anything, either, oneOf, required, text } from '../../params/param.ts'
import { listOf, shape } from '../../params/shape.ts'
import type { ControlParts, ControlRoute } from '../route.ts'
import { controlRoute } from '../route.ts'

/** Gives permissions to restricted keys, and takes them away. */
export function keyRoutes({ keys }: ControlParts): ControlRoute[] {
  return [
    controlRoute(
      'GET /_emulator/keys',
      { summary: 'The restricted keys and their permissions', params: shape({}) },
      () => ({ data: keys.list() }),
    ),
    controlRoute(
      'POST /_emulator/keys',
      {
        summary: 'Sets what a restricted key may do',
        takes:
          'key: rk_test_…; without: permissions (rak_customer_write) it lacks; or only: those it has; or none',
        params: shape({
          key: required(text),
          without: listOf(text),
          only: either(oneOf('none'), listOf(text)),
        }),
      },
      ({ params: { key, without, only } }) => {
        const granted = only === 'none' ? [] : only
        keys.restrict(key, granted === undefined ? { without: without ?? [] } : { only: granted })
        return { data: keys.list() }
      },
    ),
    controlRoute(
      'DELETE /_emulator/keys/:id',
      { summary: 'Lets a restricted key do everything again', params: anything },
      ({ id }) => {
        if (!keys.release(id)) throw noSuch('restricted key', id)
        return { data: keys.list() }
      },
    ),
  ]
}
