import { relative, resolve } from 'node:path'
import { claimFolder } from './claim-folder.ts'
import { install, type PackageManager, packageManager } from './install.ts'
import { type Options, readArguments, USAGE } from './read-arguments.ts'
import { Refusal } from './refusal.ts'
import { writeProject } from './write-project.ts'

/**
 * Makes a project in the folder that is named, and installs what it needs. Returns the exit code. What keeps it from
 * doing so is one line on stderr, and then nothing of the project is left.
 */
export async function main(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  try {
    const options = readArguments(args)
    if (options === 'help') console.log(USAGE)
    else await create(options, packageManager(env))
    return 0
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    console.error(error.message)
    return 1
  }
}

async function create(options: Options, manager: PackageManager): Promise<void> {
  const folder = resolve(options.folder)
  const claim = await claimFolder(folder)
  try {
    await writeProject({ folder, name: options.name, manager: manager.name })
    if (options.installs) await install(manager, folder)
  } catch (error) {
    await claim.giveBack()
    throw error
  }
  const path = relative(process.cwd(), folder)
  const steps = [
    ...(path === '' ? [] : [`cd ${path}`]),
    ...(options.installs ? [] : [`${manager.name} install`]),
    `${manager.name} start`,
  ]
  console.log([`Made ${options.name}.`, '', ...steps.map((step) => `  ${step}`), ''].join('\n'))
}
