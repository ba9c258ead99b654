import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/config-file.ts'
import { StartError } from '../../src/config/start-error.ts'

const CATALOG = `
import { definePlans } from '@tollgate/core'
export const catalog = definePlans({
  meters: { minutes: { name: 'Minutes', unit: ['minute', 'minutes'] } },
  plans: { team: { name: 'Team', description: '', price: { month: { usd: 900 } }, limits: { minutes: 60 } } },
})
`

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tollgate-config-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function load(source: string, name = 'tollgate.config.ts') {
  await writeFile(join(folder, name), source)
  return loadConfig(folder)
}

async function mistakes(source: string): Promise<readonly string[]> {
  const error = await load(source).catch((reason: unknown) => reason)
  if (!(error instanceof StartError)) throw new Error('it was taken', { cause: error })
  return error.lines
}

describe('a configuration', () => {
  it('is a catalogue, with nothing else where nothing is said', async () => {
    const { catalog, ...rest } = await load(CATALOG)
    expect(catalog.meterIds).toEqual(['minutes'])
    expect(rest).toEqual({ file: join(folder, 'tollgate.config.ts'), origins: [], theme: {} })
  })

  it('may name sign-in, origins and how the pages look', async () => {
    await writeFile(join(folder, 'logo.svg'), '<svg/>')
    const config = await load(`${CATALOG}
      export const identify = async (request: { headers: object }) => null
      export const signInUrl = 'https://app.example.com/login'
      export const origins = ['https://app.example.com/']
      export const theme = { name: 'Acme', logo: './logo.svg', colours: { accent: '#b45309' } }`)
    expect(config.identify).toBeTypeOf('function')
    expect(config.signInUrl).toBe('https://app.example.com/login')
    expect(config.origins).toEqual(['https://app.example.com'])
    expect(config.theme).toEqual({
      name: 'Acme',
      logo: { file: join(folder, 'logo.svg'), type: 'image/svg+xml' },
      colours: { accent: '#b45309' },
    })
  })

  it('may be JavaScript, and import files beside it', async () => {
    await writeFile(join(folder, 'plans.ts'), CATALOG)
    const { catalog } = await load(`export { catalog } from './plans.ts'`, 'tollgate.config.mjs')
    expect(catalog.planIds).toEqual(['team'])
  })

  it('is read anew each time', async () => {
    await load(CATALOG)
    const { catalog } = await load(CATALOG.replaceAll('minutes', 'hours'))
    expect(catalog.meterIds).toEqual(['hours'])
  })
})

describe('what is wrong with it is said in a line each', () => {
  it('no file', async () => {
    await expect(loadConfig(folder)).rejects.toThrow(
      `There is no tollgate.config.ts in ${folder}: it must say: export const catalog = definePlans`,
    )
  })

  it.each([
    ['', 'no export'],
    ['export default {}', 'a default export'],
    ['export const catalog = { meters: {}, plans: {} }', 'a catalogue that nobody checked'],
  ])('%s: %s', async (source) => {
    expect(await mistakes(source)).toEqual([
      expect.stringMatching(/^tollgate\.config\.ts: catalog is missing; it must say: export const/),
    ])
  })

  it('each mistake of a catalogue, by its path', async () => {
    const wrong = CATALOG.replace('900', '-1').replace('minutes: 60', 'minutes: -1')
    const lines = await mistakes(wrong)
    expect(lines).toHaveLength(2)
    expect(lines.join('\n')).toContain('tollgate.config.ts: plans.team.limits.minutes: must be')
    expect(lines.join('\n')).toContain('tollgate.config.ts: plans.team.price.month.usd: must be')
  })

  it.each([
    ['const =', /^tollgate\.config\.ts: .*Unexpected token/],
    [`import './nowhere.ts'`, /^tollgate\.config\.ts: Cannot find module/],
    [`throw new Error('no luck')`, /^tollgate\.config\.ts: no luck$/],
  ])('a file that does not run: %s', async (source, line) => {
    expect(await mistakes(source)).toEqual([expect.stringMatching(line)])
  })

  it('sign-in, origins and theme of another kind', async () => {
    const lines = await mistakes(`${CATALOG}
      export const identify = 'me'
      export const signInUrl = 'javascript:alert(1)'
      export const origins = ['app.example.com']
      export const theme = { name: '', logo: './none.svg', colours: { accent: 'red' }, font: 'Arial' }`)
    expect(lines).toEqual([
      'tollgate.config.ts: identify must be a function of a request',
      expect.stringMatching(/^tollgate\.config\.ts: signInUrl must be an address/),
      expect.stringMatching(/^tollgate\.config\.ts: origins\.0 must be an origin/),
      'tollgate.config.ts: theme.name must not be empty',
      'tollgate.config.ts: theme.logo must be a file that exists',
      'tollgate.config.ts: theme.colours.accent must be a colour such as #4f46e5',
      'tollgate.config.ts: theme Unrecognized key: "font"',
    ])
  })
})
