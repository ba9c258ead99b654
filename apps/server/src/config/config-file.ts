import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Identify } from '@tollgate/api'
import type { AnyCatalog } from '@tollgate/core'
import * as core from '@tollgate/core'
import { createJiti } from 'jiti'
import { z } from 'zod'
import { origin } from './env-variables.ts'
import { StartError } from './start-error.ts'
import type { Theme, ThemeOptions } from './theme.ts'
import { themeSchema } from './theme.ts'

/** What `tollgate.config.ts` may export: `catalog`, and what differs from the defaults. */
export interface TollgateConfig {
  /** Meters and plans, by `definePlans` of @tollgate/core. */
  catalog: AnyCatalog
  /** The product's own sign-in, in place of e-mail and password. */
  identify?: Identify
  /** Where people sign in with it: an address, or a path of this server. Our pages link to it with `?next=`. */
  signInUrl?: string
  /** Origins of the product's own pages, which may call with its cookie and be returned to. */
  origins?: readonly string[]
  theme?: ThemeOptions
}

/** The configuration of a project, checked. */
export interface Config {
  file: string
  catalog: AnyCatalog
  identify?: Identify | undefined
  signInUrl?: string | undefined
  origins: readonly string[]
  theme: Theme
}

/** The first that exists is read. */
const NAMES = [
  'tollgate.config.ts',
  'tollgate.config.mts',
  'tollgate.config.js',
  'tollgate.config.mjs',
]

const HOW =
  'it must say: export const catalog = definePlans({ … }), with definePlans of @tollgate/core'

/** Reads the configuration of the project in `folder`, anew at each call. Throws a StartError, one line per mistake. */
export async function loadConfig(folder: string): Promise<Config> {
  const name = NAMES.find((each) => existsSync(join(folder, each)))
  if (name === undefined)
    throw new StartError(`There is no tollgate.config.ts in ${folder}: ${HOW}`)
  const file = join(folder, name)
  const { catalog, identify, signInUrl, origins, theme } = await evaluate(file)
  const result = schema(folder).safeParse({ catalog, identify, signInUrl, origins, theme })
  if (result.success) return { file, ...result.data }
  throw new StartError(
    ...result.error.issues.map((issue) => `${name}: ${issue.path.join('.')} ${issue.message}`),
  )
}

/** TypeScript is compiled as it is read: a project needs no compiler to run. Core is ours, whatever else is installed. */
async function evaluate(file: string): Promise<Partial<Record<keyof TollgateConfig, unknown>>> {
  const jiti = createJiti(file, {
    fsCache: false,
    moduleCache: false,
    virtualModules: { '@tollgate/core': core },
  })
  try {
    return await jiti.import<object>(file)
  } catch (error) {
    throw new StartError(...mistakes(error).map((line) => `${basename(file)}: ${line}`))
  }
}

/** A catalogue's mistakes, or the one thing that kept the file from being read. */
function mistakes(error: unknown): string[] {
  const lines = (error instanceof Error ? error.message : String(error)).trim().split('\n')
  return error instanceof core.CatalogError ? lines : lines.slice(0, 1)
}

function schema(folder: string) {
  return z.object({
    catalog: z.custom<AnyCatalog>(isCatalog, `is missing; ${HOW}`),
    identify: z.custom<Identify>(isFunction, 'must be a function of a request').optional(),
    signInUrl: z
      .string()
      .refine(isPageAddress, 'must be an address such as https://app.example.com/login, or a path')
      .optional(),
    origins: z.array(origin, 'must be an array of origins').default([]),
    theme: themeSchema(folder).default({}),
  })
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function'
}

/** A path of this server, or an http address: a link of any other kind could run a script. */
function isPageAddress(text: string): boolean {
  return /^\/(?![/\\])/.test(text) || (/^https?:/.test(text) && URL.canParse(text))
}

/** Only `definePlans` makes one that has been checked. */
function isCatalog(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'meterIds' in value && 'planIds' in value
}
