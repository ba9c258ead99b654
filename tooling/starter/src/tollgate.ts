import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { explain, type Say } from './output.ts'
import { embeddedCluster } from './postgres/embedded.ts'
import { adoptCluster, type Cluster, startCluster } from './postgres/index.ts'
import { built } from './process/launch.ts'
import { takeLock } from './process/lock.ts'
import { readSettings, type Settings } from './settings.ts'

/** stdout belongs to the command, whose answer may be JSON. */
const note: Say = (line) => console.error(line)

/** Runs `npm run tollgate -- …` with the settings of `npm start`, on its database: the running one, or one for this call. */
async function tollgate(args: string[]): Promise<number> {
  const settings = await readSettings()
  const stop = settings.embeddedDatabase ? await borrowDatabase(settings) : async () => undefined
  try {
    const script = built('apps/server', 'cli')
    const child = spawn(process.execPath, [...script, ...args], {
      env: settings.env,
      stdio: 'inherit',
    })
    const [code] = await once(child, 'exit')
    return typeof code === 'number' ? code : 1
  } finally {
    await stop()
  }
}

/** Answers how to give it back. */
async function borrowDatabase({ dataFolder, env }: Settings): Promise<() => Promise<void>> {
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

const code = await tollgate(process.argv.slice(3)).catch((error: unknown) => {
  explain(error)
  return 1
})
process.exit(code)
