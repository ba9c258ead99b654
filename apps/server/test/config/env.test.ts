import { catalog } from '@tollgate/testing/catalog'
import { describe, expect, it } from 'vitest'
import { EnvError, readEnv } from '../../src/config/env.ts'

const complete = {
  DATABASE_URL: 'postgresql://user:password@localhost:5432/tollgate',
  STRIPE_SECRET_KEY: 'sk_test_1',
  STRIPE_WEBHOOK_SECRET: 'whsec_1',
  AUTH_SECRET: 'secret',
}

const production = {
  ...complete,
  NODE_ENV: 'production',
  APP_URL: 'https://billing.example.com',
  AUTH_SECRET: 'a secret of thirty-two characters!',
}

function linesOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    read(env)
    return []
  } catch (error) {
    if (error instanceof EnvError) return error.lines
    throw error
  }
}

function read(environment: NodeJS.ProcessEnv) {
  return readEnv(environment, catalog)
}

describe('a complete environment', () => {
  it('leaves the defaults of the contract where it says nothing', () => {
    expect(read(complete)).toMatchObject({
      production: false,
      host: '127.0.0.1',
      port: 3000,
      appUrl: 'http://127.0.0.1:3000',
      pastDueGraceDays: 7,
      reconcile: { everyHours: 24, requestsPerSecond: 10 },
      logLevel: 'info',
      metricsToken: undefined,
    })
  })

  it('trusts localhost and 127.0.0.1 alike outside production, and neither in it', () => {
    expect(read(complete).origins).toEqual(['http://127.0.0.1:3000', 'http://localhost:3000'])
    const named = read({ ...complete, APP_URL: 'http://localhost:8080', PORT: '3000' })
    expect(named.origins).toContain('http://127.0.0.1:8080')
    expect(read(production).origins).toEqual(['https://billing.example.com'])
  })

  it('adds the trusted origins, whatever blanks and slashes they were written with', () => {
    const { origins } = read({
      ...production,
      TRUSTED_ORIGINS: ' https://a.example.com/ , https://b.example.com',
    })
    expect(origins.slice(1)).toEqual(['https://a.example.com', 'https://b.example.com'])
  })

  it('has mail where a mail server and an address are named, and none otherwise', () => {
    expect(read(production).mail).toBeNull()
    const SMTP_URL = 'smtps://user:password@mail.example.com:465'
    for (const MAIL_FROM of ['billing@example.com', 'Example <billing@example.com>']) {
      expect(read({ ...complete, SMTP_URL, MAIL_FROM }).mail).toEqual({
        smtpUrl: SMTP_URL,
        from: MAIL_FROM,
      })
    }
    expect(linesOf({ ...complete, SMTP_URL })).toEqual([expect.stringMatching(/^MAIL_FROM /)])
    const wrong = { SMTP_URL: 'mail.example.com', MAIL_FROM: 'billing' }
    expect(linesOf({ ...complete, ...wrong })).toEqual([
      expect.stringMatching(/^MAIL_FROM /),
      expect.stringMatching(/^SMTP_URL /),
    ])
  })

  it('takes several webhook secrets, and the prices that are named', () => {
    const { stripe } = read({
      ...complete,
      STRIPE_WEBHOOK_SECRET: 'whsec_new, whsec_old',
      STRIPE_PRICE_PRO: 'price_1',
    })
    expect(stripe.webhookSecrets).toEqual(['whsec_new', 'whsec_old'])
    expect(stripe.priceIds).toEqual({ pro: { month: 'price_1' } })
  })

  it('takes a variable that is set to nothing for one that is absent', () => {
    expect(read({ ...complete, PORT: '', METRICS_TOKEN: ' ' })).toMatchObject({
      port: 3000,
      metricsToken: undefined,
    })
  })
})

describe('a wrong environment', () => {
  it.each<[name: string, env: NodeJS.ProcessEnv, says: RegExp]>([
    ['PORT', { ...complete, PORT: 'http' }, /a port: a number from 0 to 65535/],
    ['PORT', { ...complete, PORT: '70000' }, /a port/],
    ['HOST', { ...complete, HOST: 'http://localhost' }, /host name or an IP address/],
    ['APP_URL', { ...complete, APP_URL: 'https://a.example/app' }, /without a path/],
    ['APP_URL', { ...production, APP_URL: undefined }, /production needs/],
    ['APP_URL', { ...production, APP_URL: 'http://a.example' }, /https/],
    ['TRUSTED_ORIGINS', { ...complete, TRUSTED_ORIGINS: 'a.example' }, /origin/],
    ['DATABASE_URL', { ...complete, DATABASE_URL: undefined }, /PostgreSQL URL/],
    ['DATABASE_URL', { ...complete, DATABASE_URL: 'mysql://x' }, /postgresql:/],
    ['STRIPE_SECRET_KEY', { ...complete, STRIPE_SECRET_KEY: undefined }, /missing/],
    ['STRIPE_SECRET_KEY', { ...complete, STRIPE_SECRET_KEY: 'pk_test_1' }, /secret key/],
    ['STRIPE_WEBHOOK_SECRET', { ...complete, STRIPE_WEBHOOK_SECRET: undefined }, /missing/],
    ['STRIPE_WEBHOOK_SECRET', { ...complete, STRIPE_WEBHOOK_SECRET: 'x' }, /whsec_/],
    ['STRIPE_PUBLISHABLE_KEY', { ...complete, STRIPE_PUBLISHABLE_KEY: 'pk_live_1' }, /same mode/],
    ['STRIPE_PRICE_PRO', { ...complete, STRIPE_PRICE_PRO: 'prod_1' }, /product/],
    [
      'STRIPE_PRICE_PRO',
      { ...complete, STRIPE_PRICE_BASIC: 'price_1', STRIPE_PRICE_PRO: 'price_1' },
      /STRIPE_PRICE_BASIC/,
    ],
    [
      'STRIPE_API_BASE',
      { ...complete, STRIPE_SECRET_KEY: 'sk_live_1', STRIPE_API_BASE: 'http://127.0.0.1:12111' },
      /live key/,
    ],
    ['STRIPE_EMULATOR_PORT', { ...complete, STRIPE_EMULATOR_PORT: '0' }, /a port/],
    ['AUTH_SECRET', { ...complete, AUTH_SECRET: undefined }, /missing/],
    ['AUTH_SECRET', { ...production, AUTH_SECRET: 'short' }, /32/],
    ['RECONCILE_EVERY_HOURS', { ...complete, RECONCILE_EVERY_HOURS: '721' }, /hours/],
    [
      'RECONCILE_REQUESTS_PER_SECOND',
      { ...complete, RECONCILE_REQUESTS_PER_SECOND: '0' },
      /requests/,
    ],
    ['PAST_DUE_GRACE_DAYS', { ...complete, PAST_DUE_GRACE_DAYS: '-1' }, /days/],
    ['AGENT_PORT', { ...complete, AGENT_PORT: '3100.5' }, /a port/],
    ['LOG_LEVEL', { ...complete, LOG_LEVEL: 'loud' }, /fatal, error/],
  ])('%s is told in one line', (name, env, says) => {
    const lines = linesOf(env)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(new RegExp(`^${name} `))
    expect(lines[0]).toMatch(says)
  })

  it('is told whole, a line for each variable, in the order of their names', () => {
    const names = linesOf({ NODE_ENV: 'production', PORT: 'x' }).map((line) => line.split(' ')[0])
    expect(names).toEqual([
      'APP_URL',
      'AUTH_SECRET',
      'DATABASE_URL',
      'PORT',
      'STRIPE_SECRET_KEY',
      'STRIPE_WEBHOOK_SECRET',
    ])
  })

  it('never shows a value, which may be a secret', () => {
    const secret = 'hunter2'
    const env = Object.fromEntries(Object.keys(complete).map((name) => [name, secret]))
    expect(linesOf({ ...env, NODE_ENV: 'production' }).join('\n')).not.toContain(secret)
  })
})
