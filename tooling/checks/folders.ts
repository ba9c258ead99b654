import { execFileSync } from 'node:child_process'
import { dirname } from 'node:path'
import { CheckFailure, root } from './check.ts'

const MOST_ENTRIES = 12
/** Lists of one kind, which read better in one place: core's domains, the verbs of metering, the procedures of billing. */
const LISTS = [
  'packages/core/src',
  'packages/core/src/metering',
  'packages/api/src/procedures/billing',
]
const EMPTY_NAMES = /^(utils?|helpers?|misc|common|services?)(\.|$)/
const EXEMPT = /(^|\/)(test|migrations|fixtures|public)(\/|$)/

/** A folder of source is one screen: at most 12 entries, and names that say what is inside. */
export async function folders(): Promise<string> {
  const contents = readFolders()
  const lines = [...contents].flatMap(([folder, entries]) => [
    ...(entries.size > MOST_ENTRIES && !LISTS.includes(folder)
      ? [`${folder} has ${entries.size} entries`]
      : []),
    ...[...entries]
      .filter((entry) => EMPTY_NAMES.test(entry))
      .map((entry) => `${folder}/${entry} says nothing about what is inside`),
  ])
  if (lines.length === 0) return `${contents.size} folders of at most ${MOST_ENTRIES} entries`
  throw new CheckFailure(lines, 'Split the folder by topic, or name the file after what it does.')
}

/** What git knows or would add, so that build output does not count. */
function readFolders(): Map<string, Set<string>> {
  const args = [
    'ls-files',
    '--cached',
    '--others',
    '--exclude-standard',
    '-z',
    'apps',
    'packages',
    'prisma',
    'tooling',
  ]
  const files = execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\0')
  const contents = new Map<string, Set<string>>()
  for (const file of files.filter((name) => name !== '' && !EXEMPT.test(name))) {
    for (let path = file; dirname(path) !== '.'; path = dirname(path)) {
      const folder = dirname(path)
      const entries = contents.get(folder) ?? new Set()
      contents.set(folder, entries.add(path.slice(folder.length + 1)))
    }
  }
  return contents
}
