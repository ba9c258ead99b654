import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { listen } from '@tollgate/testing/listen'
import { build } from 'vite'

const ui = fileURLToPath(new URL('../../packages/ui', import.meta.url))
const types: Record<string, string> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
}

export interface Host {
  url: string
  close(): Promise<void>
}

/** Builds the foreign app with the built @tollgate/ui, and serves it. */
export async function serveHost(): Promise<Host> {
  if (!existsSync(join(ui, 'dist/index.js'))) throw new Error('packages/ui has not been built')
  const folder = await mkdtemp(join(tmpdir(), 'tollgate-host-'))
  await build({
    configFile: join(ui, 'test/host/vite.config.ts'),
    build: { outDir: folder, emptyOutDir: true },
  })
  const { url, close } = await listen((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const file = pathname === '/' ? 'index.html' : pathname
    void readFile(join(folder, file)).then(
      (content) =>
        response.setHeader('content-type', types[extname(file)] ?? 'text/plain').end(content),
      () => response.writeHead(404).end(),
    )
  })
  return {
    url,
    async close() {
      await close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
