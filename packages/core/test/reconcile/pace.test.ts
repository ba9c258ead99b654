import { expect, test } from 'vitest'
import { createPace } from '../../src/reconcile/pace.ts'
import { ManualClock } from '../../src/testing.ts'
import { NOON } from '../harness.ts'

test('never more than so many a second, however many ask at once', async () => {
  const clock = new ManualClock(NOON)
  const waits: number[] = []
  const pace = createPace({ perSecond: 5, clock }, async (ms) => waits.push(ms))
  await Promise.all([pace.turn(), pace.turn(), pace.turn()])
  expect(waits).toEqual([200, 200])
  clock.advance(500)
  await pace.turn()
  await pace.turn()
  expect(waits).toEqual([200, 200, 100, 200])
  expect(pace.turns).toBe(5)
})

test('a call does not wait where enough time has passed', async () => {
  const clock = new ManualClock(NOON)
  const waits: number[] = []
  const pace = createPace({ perSecond: 5, clock }, async (ms) => waits.push(ms))
  for (let i = 0; i < 3; i++) {
    await pace.turn()
    clock.advance(200)
  }
  expect(waits).toEqual([])
})
