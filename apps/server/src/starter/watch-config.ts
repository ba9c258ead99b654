import { watch } from 'node:fs'
import { basename } from 'node:path'
import { loadConfig } from '../config/config-file.ts'
import { explain } from '../config/start-error.ts'
import { note } from './say.ts'
import type { Settings } from './settings.ts'

/** An editor may write a file in several steps. */
const SETTLE_MS = 150

/**
 * Calls `restart` each time that the configuration has changed and is right; a wrong one is told, and what runs goes on
 * with the one before. One restart at a time.
 */
export function watchConfig({ folder, config }: Settings, restart: () => Promise<void>) {
  let timer: NodeJS.Timeout | undefined
  let last = Promise.resolve()
  const changed = async () => {
    try {
      await loadConfig(folder)
    } catch (error) {
      for (const line of explain(error)) note(line)
      return note('The server goes on with the configuration from before.')
    }
    note(`${basename(config.file)} has changed`)
    await restart()
  }
  // The folder, since an editor may replace the file, and then nobody watches the new one.
  const watcher = watch(folder, (_event, name) => {
    if (name !== basename(config.file)) return
    clearTimeout(timer)
    timer = setTimeout(() => {
      last = last.then(changed)
    }, SETTLE_MS)
  })
  return {
    stop: async () => {
      clearTimeout(timer)
      watcher.close()
      await last
    },
  }
}
