import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { initDb } from '@tollgate/core'
import pg from 'pg'
import {
  differences,
  drain,
  reconcileOnce,
  runLifecycle,
} from '../../packages/core/test/lifecycles/lifecycle.ts'
import { startCluster } from '../starter/src/postgres/index.ts'

// Random lifecycles, as in packages/core/test/lifecycles, of as many seeds as are asked for: `npm run bench -- lives --seeds 100`.

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '10' },
    from: { type: 'string', default: '1' },
    customers: { type: 'string', default: '50' },
    rounds: { type: 'string', default: '6' },
  },
})
const customers = Number(values.customers)
const rounds = Number(values.rounds)

const folder = await mkdtemp(join(tmpdir(), 'tollgate-lifecycles-'))
await chmod(folder, 0o755)
const cluster = await startCluster({
  folder: join(folder, 'postgres'),
  id: 'lifecycles',
  password: 'lifecycles',
  settings: { fsync: 'off' },
})
const operator = new pg.Client({ connectionString: cluster.url('postgres') })
await operator.connect()
await operator.query('CREATE DATABASE migrated')
await initDb(cluster.url('migrated'))

const tally = new Map<string, number>()
let wrong = 0

async function check(seed: number, kind: 'lossy' | 'disorderly'): Promise<string[]> {
  await operator.query('CREATE DATABASE lifecycle TEMPLATE migrated')
  const lossy = kind === 'lossy'
  const faultPlan = lossy
    ? { dropped: 0.4, doubled: 0.2, failing: 0.02 }
    : { dropped: 0, doubled: 0.3, failing: 0 }
  const { world, tally: done } = await runLifecycle(cluster.url('lifecycle'), {
    seed,
    customers,
    rounds,
    faultPlan,
  })
  try {
    for (const [line, times] of done) tally.set(line, (tally.get(line) ?? 0) + times)
    if (!lossy) {
      await drain(world)
      return await differences(world)
    }
    await world.stopWorker()
    await reconcileOnce(world)
    const left = await differences(world)
    const again = await reconcileOnce(world)
    return again === 0 ? left : [...left, `a second reconcile run found ${again}`]
  } finally {
    await world.close()
    await operator.query('DROP DATABASE lifecycle WITH (FORCE)')
  }
}

try {
  for (
    let seed = Number(values.from);
    seed < Number(values.from) + Number(values.seeds);
    seed += 1
  ) {
    for (const kind of ['lossy', 'disorderly'] as const) {
      const found = await check(seed, kind)
      console.log(`seed ${seed}, ${kind}: ${found.length === 0 ? 'equal' : found.join('\n  ')}`)
      wrong += found.length === 0 ? 0 : 1
    }
  }
  for (const [line, times] of [...tally].sort()) console.log(`${String(times).padStart(6)} ${line}`)
  console.log(JSON.stringify({ lives: Number(values.seeds) * 2, wrong }))
} finally {
  await operator.end()
  await cluster.stop()
  await rm(folder, { recursive: true, force: true })
}
process.exitCode = wrong === 0 ? 0 : 1
