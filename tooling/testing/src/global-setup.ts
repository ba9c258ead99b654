import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import type { TestProject } from 'vitest/node'
import { testDatabases } from './database/test-databases.ts'

/** Owns the PostgreSQL of a test run. Test files reach it through `createTestDatabase`. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const databases = testDatabases()
  const server = createServer((request, response) => {
    const answer =
      request.method === 'POST' ? databases.create() : text(request).then(databases.drop)
    answer.then(
      (url) => response.end(url),
      (error) => response.writeHead(500).end(describe(error)),
    )
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port to listen on')
  project.provide('testDatabases', `http://127.0.0.1:${address.port}`)
  return async () => {
    server.close()
    server.closeAllConnections()
    await databases.stop()
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause === undefined ? String(error) : `${error}\n  cause: ${describe(error.cause)}`
}
