import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { keep } from '../kept.ts'
import type { Say } from '../say.ts'
import type { ClusterOptions } from './cluster.ts'

/** The embedded PostgreSQL of a data folder; its password is made at the first start. */
export async function embeddedCluster(dataFolder: string, note: Say): Promise<ClusterOptions> {
  const { id, password } = await keep(join(dataFolder, 'database.json'), () => ({
    id: randomBytes(8).toString('hex'),
    password: randomBytes(24).toString('base64url'),
  }))
  const settings = { max_connections: '200' }
  return { folder: join(dataFolder, 'postgres'), id, password, settings, note }
}
