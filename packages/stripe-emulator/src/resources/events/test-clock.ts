import type { Context } from '../../core/context.ts'

/** Marks a test clock as `ready`: it has reached the time it was advanced to. */
export function finishAdvance(ctx: Context, id: string): void {
  const ready = ctx.patch('test_clocks', id, { status: 'ready', status_details: {} })
  ctx.emit('test_helpers.test_clock.ready', ready)
}
