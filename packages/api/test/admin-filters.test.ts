import { runningStatuses } from '@tollgate/core'
import { expect, test } from 'vitest'
import type { z } from 'zod'
import { appRouter } from '../src/router.ts'

const [schema] = appRouter.admin.users._def.inputs as unknown as [z.ZodType]
const accepts = (input: object) => schema.safeParse(input).success

test('admin.users takes the statuses that a current subscription can have, and none', () => {
  for (const status of [...runningStatuses, 'none']) expect(accepts({ status }), status).toBe(true)
  for (const status of ['canceled', 'incomplete_expired', 'nonsense']) {
    expect(accepts({ status }), status).toBe(false)
  }
})

test('admin.users takes every order, and any plan that a row may have', () => {
  for (const sort of ['newest', 'oldest', 'email']) expect(accepts({ sort }), sort).toBe(true)
  expect(accepts({ sort: 'random' })).toBe(false)
  for (const plan of ['pro', 'retired_long_ago', 'unknown']) expect(accepts({ plan })).toBe(true)
})
