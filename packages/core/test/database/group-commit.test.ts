import { describe, expect, test } from 'vitest'
import { GroupCommit } from '../../src/database/index.ts'

/** A queue whose batches wait until they are let go, and double what they are given. */
function open({ lanes = 1, batchSize = 4, maxWaiting = 10, maxWaitMs = 60_000 } = {}) {
  const batches: { items: readonly number[]; done: () => void; fail: (error: unknown) => void }[] =
    []
  const failures: number[] = []
  const queue = new GroupCommit<number, number>({
    lanes,
    batchSize,
    maxWaiting,
    maxWaitMs,
    write: (items) =>
      new Promise((resolve, reject) => {
        batches.push({ items, done: () => resolve(items.map((item) => item * 2)), fail: reject })
      }),
    full: () => new Error('full'),
    late: () => new Error('late'),
    failed(error, items) {
      failures.push(items)
      return new Error('failed', { cause: error })
    },
  })
  const batch = async (nth: number) => {
    await expect.poll(() => batches.length, { interval: 1 }).toBeGreaterThan(nth)
    const found = batches[nth]
    if (!found) throw new Error('no such batch')
    return found
  }
  return { queue, batches, batch, failures }
}

describe('a group commit', () => {
  test('joins what is submitted at the same time, and gives each caller its own results', async () => {
    const { queue, batches, batch } = open()
    const callers = [queue.submit([1]), queue.submit([2, 3]), queue.submit([4])]
    ;(await batch(0)).done()
    expect(await Promise.all(callers)).toEqual([[2], [4, 6], [8]])
    expect(batches.map(({ items }) => items)).toEqual([[1, 2, 3, 4]])
  })

  test('does not split the items of one caller, also more than a batch takes', async () => {
    const { queue, batches, batch } = open({ batchSize: 2 })
    const callers = [queue.submit([1]), queue.submit([2, 3, 4]), queue.submit([5])]
    for (const nth of [0, 1, 2]) (await batch(nth)).done()
    expect(await Promise.all(callers)).toEqual([[2], [4, 6, 8], [10]])
    expect(batches.map(({ items }) => items)).toEqual([[1], [2, 3, 4], [5]])
  })

  test('has as many batches under way as it has lanes', async () => {
    const { queue, batches, batch } = open({ lanes: 2, batchSize: 1 })
    const callers = [queue.submit([1]), queue.submit([2]), queue.submit([3])]
    const [first, second] = [await batch(0), await batch(1)]
    expect(batches).toHaveLength(2)
    first.done()
    second.done()
    ;(await batch(2)).done()
    expect(await Promise.all(callers)).toEqual([[2], [4], [6]])
  })

  test('refuses what comes while as many wait as may, and takes more once they are served', async () => {
    const { queue, batch } = open({ batchSize: 2, maxWaiting: 3 })
    const running = queue.submit([1, 2])
    await batch(0)
    const waiting = queue.submit([3, 4])
    await expect(queue.submit([5, 6])).rejects.toThrow('full')
    const last = queue.submit([5])
    await expect(queue.submit([6])).rejects.toThrow('full')
    for (const nth of [0, 1, 2]) (await batch(nth)).done()
    expect(await Promise.all([running, waiting, last])).toEqual([[2, 4], [6, 8], [10]])
    const again = queue.submit([6])
    ;(await batch(3)).done()
    expect(await again).toEqual([12])
  })

  test('refuses what has waited too long once a lane is free, so that nobody waits for every batch before them', async () => {
    const { queue, batches, batch } = open({ batchSize: 1, maxWaitMs: 100 })
    const running = queue.submit([1])
    const first = await batch(0)
    const since = performance.now()
    const waiting = Promise.allSettled([2, 3].map((item) => queue.submit([item])))
    await expect.poll(() => performance.now() - since, { interval: 10 }).toBeGreaterThan(100)
    first.done()
    expect(await running).toEqual([2])
    const refused = { status: 'rejected', reason: new Error('late') }
    expect(await waiting).toEqual([refused, refused])
    expect(batches).toHaveLength(1)
  })

  test('a drain ends when every caller has an answer, also those who waited', async () => {
    const { queue, batch } = open({ batchSize: 1 })
    const settled: number[] = []
    const callers = [1, 2, 3].map(async (item) => {
      await queue.submit([item]).catch(() => undefined)
      settled.push(item)
    })
    let drained = false
    const drain = queue.drain().then(() => {
      drained = true
    })
    ;(await batch(0)).done()
    ;(await batch(1)).fail(new Error('away'))
    const last = await batch(2)
    expect(drained).toBe(false)
    last.done()
    await drain
    await Promise.all(callers)
    expect(settled).toEqual([1, 2, 3])
    await queue.drain()
  })

  test('a failure of the database fails all that were in the batch, and nothing after it', async () => {
    const { queue, batch, failures } = open({ batchSize: 2 })
    const callers = [1, 2, 3].map((item) => queue.submit([item]))
    const settled = Promise.allSettled(callers)
    ;(await batch(0)).fail(new Error('away'))
    ;(await batch(1)).done()
    expect((await settled).map(({ status }) => status)).toEqual([
      'rejected',
      'rejected',
      'fulfilled',
    ])
    expect(failures).toEqual([2])
  })

  test('a refusal of data fails alone: each of the batch is written again by itself', async () => {
    const refusal = Object.assign(new Error('null value'), { code: '23502' })
    const { queue, batches, batch, failures } = open()
    const settled = Promise.allSettled([1, 2, 3].map((item) => queue.submit([item])))
    ;(await batch(0)).fail(refusal)
    ;(await batch(1)).done()
    ;(await batch(2)).fail(refusal)
    ;(await batch(3)).done()
    expect((await settled).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
    ])
    expect(batches.map(({ items }) => items)).toEqual([[1, 2, 3], [1], [2], [3]])
    expect(failures).toEqual([1])
  })
})
