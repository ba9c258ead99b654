import { basename, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { Refusal } from './refusal.ts'

export interface Options {
  folder: string
  /** Of the project, in its package.json. */
  name: string
  installs: boolean
}

export const USAGE = `npm create tollgate@latest <folder> [-- --no-install]

Makes a Tollgate project in <folder>, which must be new or empty, and installs it with the package manager that was called.

  --no-install   only write the files`

/** Throws a Refusal for what is no folder name or no option. */
export function readArguments(args: readonly string[]): Options | 'help' {
  const { values, positionals } = parse(args)
  if (values.help) return 'help'
  const [folder, ...more] = positionals
  if (folder === undefined)
    throw new Refusal('Name a folder: npm create tollgate@latest my-billing')
  if (more.length > 0) throw new Refusal(`Name one folder, not ${positionals.length}.`)
  return { folder, name: nameOf(folder), installs: !values['no-install'] }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { help: { type: 'boolean', short: 'h' }, 'no-install': { type: 'boolean' } },
    })
  } catch (error) {
    // The first sentence says which; the rest is for who wrote the program.
    const [message = ''] = String(error instanceof Error ? error.message : error).split('. ')
    throw new Refusal(`${message}. --help says which options there are.`)
  }
}

/** The folder's own name, which has to be one that npm takes for a package. */
function nameOf(folder: string): string {
  const name = basename(resolve(folder))
  if (/^[a-z0-9][a-z0-9._-]{0,99}$/.test(name) && name !== 'node_modules') return name
  throw new Refusal(
    `"${name}" can't be the name of a project: use small letters, digits and - . _, and begin with a letter or digit.`,
  )
}
