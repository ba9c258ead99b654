import { embeddedCluster } from './postgres/embedded.ts'
import { adoptCluster, type Cluster, startCluster } from './postgres/index.ts'
import { takeLock } from './process/lock.ts'
import { note } from './say.ts'
import type { Settings } from './settings.ts'

/**
 * Where the database is the embedded one: uses the one that runs, or starts it for this call, and writes its address into
 * `settings.env`. Returns how to give it back.
 */
export async function borrowDatabase(settings: Settings): Promise<() => Promise<void>> {
  const { dataFolder, embeddedDatabase, env } = settings
  if (!embeddedDatabase) return async () => undefined
  const options = await embeddedCluster(dataFolder, note)
  const running = await adoptCluster(options)
  if (running !== null) return use(running, async () => undefined)
  const lock = await takeLock(dataFolder)
  const cluster = await startCluster(options)
  return use(cluster, async () => {
    await cluster.stop()
    lock.release()
  })

  function use(cluster: Cluster, giveBack: () => Promise<void>) {
    env['DATABASE_URL'] = cluster.url('postgres')
    return giveBack
  }
}
