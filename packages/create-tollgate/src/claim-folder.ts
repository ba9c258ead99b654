import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Refusal } from './refusal.ts'

/** A folder that was new or empty. */
export interface Claim {
  /** Removes all that was made in it since, and the folder where it was new. */
  giveBack: () => Promise<void>
}

/** Makes `folder`, or takes an empty one. Throws a Refusal where something is in it, or where it can't be made. */
export async function claimFolder(folder: string): Promise<Claim> {
  const made = await mkdir(folder, { recursive: true }).catch(refuse(folder))
  if (made !== undefined) return { giveBack: () => remove(made) }
  const found = await readdir(folder).catch(refuse(folder))
  if (found.some((name) => name !== '.git')) throw new Refusal(`${folder} is not empty.`)
  return {
    giveBack: async () => {
      const names = await readdir(folder)
      await Promise.all(
        names.filter((name) => name !== '.git').map((name) => remove(join(folder, name))),
      )
    },
  }
}

function remove(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true, maxRetries: 3 })
}

function refuse(folder: string) {
  return (error: NodeJS.ErrnoException): never => {
    if (error.code === 'EEXIST' || error.code === 'ENOTDIR') {
      throw new Refusal(`${folder} can't be made: there is a file of that name.`)
    }
    throw new Refusal(`${folder} can't be made: ${error.message}`)
  }
}
