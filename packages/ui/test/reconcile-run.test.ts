import { expect, test } from 'vitest'
import { addPart, foundIn, repairedIn } from '../src/admin/stripe/reconcile-run.ts'
import type { Reconciliation } from '../src/api/types.ts'

const drift = (objectId: string): Reconciliation['drift'][number] => ({
  kind: 'invoice_missing',
  objectId,
  userId: null,
  customerId: 'cus_1',
  detail: 'paid',
  repaired: true,
})

const part: Omit<Reconciliation, 'drift' | 'counts'> = {
  dryRun: false,
  complete: false,
  nextCursor: 'next',
  customers: 50,
}

const first: Reconciliation = {
  ...part,
  drift: [drift('in_1')],
  counts: [{ kind: 'invoice_missing', found: 1, repaired: 1 }],
}

test('a run of one part is that part', () => {
  expect(addPart(null, first)).toMatchObject({ complete: false, customers: 50, drift: first.drift })
})

test('parts add up, kind by kind, and the last one says whether it is complete', () => {
  const run = addPart(addPart(null, first), {
    ...part,
    complete: true,
    nextCursor: null,
    customers: 7,
    drift: [drift('in_2')],
    counts: [
      { kind: 'invoice_missing', found: 3, repaired: 2 },
      { kind: 'quota_differs', found: 1, repaired: 0 },
    ],
  })
  expect(run).toMatchObject({ complete: true, customers: 57 })
  expect(run.drift.map(({ objectId }) => objectId)).toEqual(['in_1', 'in_2'])
  expect(run.counts).toEqual([
    { kind: 'invoice_missing', found: 4, repaired: 3 },
    { kind: 'quota_differs', found: 1, repaired: 0 },
  ])
  expect(foundIn(run)).toBe(5)
  expect(repairedIn(run)).toBe(3)
})

test('adding a part does not change the run before it', () => {
  const before = addPart(null, first)
  addPart(before, first)
  expect(foundIn(before)).toBe(1)
})
