import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const config = fileURLToPath(new URL('../../../tollgate.config.ts', import.meta.url))

/** A folder that programs may be run in, with the catalogue of this repository and without a developer's `.env`. */
export interface Project {
  folder: string
  remove: () => Promise<void>
}

export async function createProject(): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), 'tollgate-project-'))
  const source = `export { catalog } from ${JSON.stringify(config)}\n`
  await writeFile(join(folder, 'tollgate.config.ts'), source)
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}
