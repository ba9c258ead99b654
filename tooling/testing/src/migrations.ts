import { rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const prisma = fileURLToPath(new URL('../../../packages/core/prisma', import.meta.url))

/** Core looks for its migrations above its own file: a program that has core bundled in finds them by this link. */
export async function linkMigrations(folder: string): Promise<void> {
  const link = join(folder, 'prisma')
  await rm(link, { force: true })
  await symlink(prisma, link, 'junction')
}
