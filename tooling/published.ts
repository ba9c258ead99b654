import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './run/process.mjs'

export interface Manifest {
  name: string
  version: string
  private?: boolean
  license?: string
  engines?: { node?: string }
  files?: string[]
  exports?: Record<string, string | Record<string, unknown>>
  dependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
  scripts?: { prepack?: string }
}

export interface Published {
  folder: string
  manifest: Manifest
}

/** Every package of the workspace that is not private. */
export function findPublished(): Published[] {
  return ['apps', 'packages']
    .flatMap((parent) => readdirSync(join(root, parent)).map((name) => join(root, parent, name)))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .map((folder) => ({ folder, manifest: readManifest(folder) }))
    .filter(({ manifest }) => manifest.private !== true)
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
}
