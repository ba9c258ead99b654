import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { migrate } from './migrate.ts'

/** prisma/migrations, seen from the source as well as from a bundle: the first one upwards. */
export function migrationsFolder(): string {
  let here = new URL('.', import.meta.url)
  while (true) {
    const candidate = fileURLToPath(new URL('prisma/migrations', here))
    if (existsSync(candidate)) return candidate
    const parent = new URL('..', here)
    if (parent.href === here.href) throw new Error('prisma/migrations is not above this file')
    here = parent
  }
}

/**
 * Creates or updates the tables of the database at `url`; the guide's `init_db()`. Call it at start: a repeat
 * finds nothing to do, and several processes may call it at once. Returns how many migrations it applied.
 */
export function initDb(url: string): Promise<number> {
  return migrate(url, migrationsFolder())
}
