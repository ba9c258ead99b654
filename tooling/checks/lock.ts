import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CheckFailure, root } from './check.ts'

interface Entry {
  version?: string
  optionalDependencies?: Record<string, string>
}

/**
 * Every optional dependency, which is how packages bring their binaries for each platform, has its entry in the lock.
 * `npm install` leaves one out without a word when it is not published yet, and then `npm ci` fails on every machine.
 */
export async function lock(): Promise<string> {
  const file = readFileSync(join(root, 'package-lock.json'), 'utf8')
  const { packages }: { packages: Record<string, Entry> } = JSON.parse(file)
  const wanted = Object.entries(packages).flatMap(([path, entry]) =>
    Object.keys(entry.optionalDependencies ?? {}).map((name) => ({ path, name })),
  )
  const lines = wanted
    .filter(({ path, name }) => !isLocked(packages, path, name))
    .map(
      ({ path, name }) => `${name}, wanted by ${path || 'the root'}, is not in package-lock.json`,
    )
  if (lines.length === 0) return `${wanted.length} optional packages are in the lock`
  throw new CheckFailure(lines, 'Pin a version whose platform packages are all published.')
}

/** Looks where Node would: in the package's own node_modules, then in those above it. */
function isLocked(packages: Record<string, Entry>, path: string, name: string): boolean {
  if (`${path}/node_modules/${name}`.replace(/^\//, '') in packages) return true
  if (path === '') return false
  return isLocked(packages, path.slice(0, Math.max(0, path.lastIndexOf('/node_modules/'))), name)
}
