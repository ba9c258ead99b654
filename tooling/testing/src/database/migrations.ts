import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const migrations = fileURLToPath(
  new URL('../../../../packages/core/prisma/migrations', import.meta.url),
)

/**
 * Core looks for its migrations above its own file: a program that has core bundled in finds this copy. Not a link: what
 * cleans the folder before the next build would follow it, and remove the migrations themselves.
 */
export async function copyMigrations(folder: string): Promise<void> {
  await cp(migrations, join(folder, 'prisma/migrations'), { recursive: true })
}
