import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Published } from '../published.ts'
import { findPublished } from '../published.ts'
import { tool } from '../run/process.mjs'
import { CheckFailure, command, runNode } from './check.ts'

/** What we publish is packed as npm packs it, and its manifest and types are judged as others will resolve them. */
export async function packages(): Promise<string> {
  const published = findPublished()
  const lines = published.flatMap((each) => mistakes(each, published))
  if (lines.length > 0) throw new CheckFailure(lines, 'Mend these package.json files.')
  for (const each of published) await judge(each)
  return `${published.length} packages are fit to publish`
}

/** One version for all, since they are released together; and what a package needs to be installed by others. */
function mistakes({ manifest }: Published, all: readonly Published[]): string[] {
  const { name, version, license, engines, files, scripts } = manifest
  const current = all[0]?.manifest.version
  const ours = Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies })
    .filter(([dependency]) => all.some((other) => other.manifest.name === dependency))
    .filter(([, wanted]) => wanted !== current)
  return [
    ...(version === current ? [] : [`is ${version}, and others are ${current}`]),
    ...ours.map(([dependency, wanted]) => `wants ${dependency} ${wanted}, not exactly ${current}`),
    ...(license === 'MIT' ? [] : ['lacks "license": "MIT"']),
    ...(engines?.node ? [] : ['lacks "engines"']),
    ...(files ? [] : ['lacks "files"']),
    ...(scripts?.prepack ? [] : ['lacks a "prepack" script, so that npm pack may pack nothing']),
  ].map((mistake) => `${name} ${mistake}`)
}

async function judge({ folder, manifest }: Published): Promise<void> {
  const packed = await mkdtemp(join(tmpdir(), 'tollgate-pack-'))
  try {
    const args = ['pack', '--pack-destination', packed]
    await command('npm', { args, cwd: folder, remedy: `npm pack fails in ${folder}.` })
    const [file = ''] = await readdir(packed)
    const tarball = join(packed, file)
    const remedy = `Mend the exports of ${manifest.name}.`
    await runNode({ args: [tool('publint'), 'run', '--strict', tarball], remedy })
    const entries = Object.entries(manifest.exports ?? {})
    if (entries.length === 0) return
    const attw = tool('@arethetypeswrong/cli', 'attw')
    const profile = entries.some(([, target]) => isDual(target)) ? [] : ['--profile=esm-only']
    const untyped = entries.filter(isUntyped).map(([entry]) => entry)
    const exclude = untyped.length === 0 ? [] : ['--exclude-entrypoints', ...untyped]
    await runNode({
      args: [attw, tarball, '--no-definitely-typed', ...profile, ...exclude],
      remedy,
    })
  } finally {
    await rm(packed, { recursive: true, force: true })
  }
}

/** A style sheet, or what only this repository reads. */
function isUntyped([entry, target]: [string, string | Record<string, unknown>]): boolean {
  return entry.endsWith('.css') || Object.keys(target).join() === 'tollgate-source'
}

/** Whether CommonJS may require it. */
function isDual(target: string | Record<string, unknown>): boolean {
  return typeof target !== 'string' && 'require' in target
}
