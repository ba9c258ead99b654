import { inject } from 'vitest'

export { freePort } from '../../../apps/server/src/starter/postgres/index.ts'
export { endWaiting } from './database/end-waiting.ts'
export { copyMigrations } from './database/migrations.ts'
export type { SilentLink } from './database/silent-link.ts'
export { openSilentLink } from './database/silent-link.ts'
export type { TestCluster } from './database/test-cluster.ts'
export { createTestCluster } from './database/test-cluster.ts'
export type { Project } from './project.ts'
export { createProject } from './project.ts'
export type { Mirrored } from './stripe-state/differences.ts'
export { differencesFromStripe } from './stripe-state/differences.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the test files, which run in processes of their own, ask for a database. */
    testDatabases: string
  }
}

export interface TestDatabase {
  /** A migrated PostgreSQL database that nobody else uses. */
  url: string
  /** Cuts its open connections and removes it; a test file that forgets leaves it until the end of the run. */
  drop: () => Promise<void>
}

/** A fresh copy of the migrated database, in about 50 ms. Real PostgreSQL, shared by the whole test run. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const url = await ask('POST')
  return {
    url,
    drop: async () => {
      await ask('DELETE', url)
    },
  }
}

async function ask(method: string, body?: string): Promise<string> {
  const response = await fetch(inject('testDatabases'), { method, body: body ?? null })
  const answer = await response.text()
  if (!response.ok) throw new Error(`No test database: ${answer}`)
  return answer
}
