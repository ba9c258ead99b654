import { once } from 'node:events'
import { createServer } from 'node:http'
import { describe, expect, it } from 'vitest'
import { EnvError, readEnv } from '../src/env.ts'
import { outcome, startProgram } from './programs.ts'

const good = { TOLLGATE_URL: 'http://127.0.0.1:3000', TOLLGATE_API_KEY: 'tg_secret' }

function linesOf(environment: NodeJS.ProcessEnv): readonly string[] {
  try {
    readEnv(environment)
  } catch (error) {
    if (error instanceof EnvError) return error.lines
    throw error
  }
  return []
}

describe('the environment', () => {
  it('needs nothing but where Tollgate is, and a key', () => {
    expect(readEnv(good)).toEqual({
      host: '127.0.0.1',
      port: 3100,
      tollgateUrl: 'http://127.0.0.1:3000',
      tollgateApiKey: 'tg_secret',
      origins: ['http://127.0.0.1:3000', 'http://localhost:3000'],
      scraperAllowOrigin: undefined,
      logLevel: 'info',
    })
  })

  it('trusts the public origin, and those that are named', () => {
    const APP_URL = 'https://app.example.com'
    const TRUSTED_ORIGINS = 'https://a.example.com, https://b.example.com'
    expect(readEnv({ ...good, APP_URL, TRUSTED_ORIGINS }).origins).toEqual([
      'https://app.example.com',
      'https://a.example.com',
      'https://b.example.com',
    ])
  })

  it.each([
    ['TOLLGATE_URL', ''],
    ['TOLLGATE_URL', 'localhost:3000'],
    ['TOLLGATE_API_KEY', ' '],
    ['TOLLGATE_API_KEY', 'sk_test_1'],
    ['AGENT_PORT', 'http'],
    ['AGENT_PORT', '65536'],
    ['APP_URL', 'https://app.example.com/path'],
    ['TRUSTED_ORIGINS', 'https://a.example.com,*'],
    ['SCRAPER_ALLOW_ORIGIN', '127.0.0.1'],
    ['LOG_LEVEL', 'loud'],
  ])('is refused in one line about %s where that is %j', (name, value) => {
    expect(linesOf({ ...good, [name]: value })).toEqual([
      expect.stringMatching(`^${name} (is|must)`),
    ])
  })

  it('shows no value, since it may be a secret', () => {
    expect(linesOf({ ...good, TOLLGATE_API_KEY: 'almost_a_secret' }).join()).not.toContain('almost')
  })
})

describe('the program', () => {
  it('says what is missing, one line each, and ends with code 1', async () => {
    const { code, stderr } = await outcome(startProgram('apps/agent/src/main.ts', {}))
    expect(code).toBe(1)
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringMatching(/^TOLLGATE_URL is missing/),
      expect.stringMatching(/^TOLLGATE_API_KEY is missing/),
    ])
  })

  it('names the port that is in use, and the variable that moves it', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const address = other.address()
    const port = typeof address === 'object' ? String(address?.port) : ''
    const env = { ...good, AGENT_PORT: port, LOG_LEVEL: 'silent' }
    const { code, stderr } = await outcome(startProgram('apps/agent/src/main.ts', env))
    other.close()
    expect(code).toBe(1)
    expect(stderr).toBe(`Port ${port} is in use: set AGENT_PORT to another port\n`)
  })
})
