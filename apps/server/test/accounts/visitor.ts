import { request } from 'node:http'
import type { TestServer } from '../harness.ts'
import { APP_URL, startServer } from '../harness.ts'

export const PASSWORD = 'a long password'

export interface Answered {
  status: number
  headers: NodeJS.Dict<string | string[]>
  body: Record<string, unknown>
}

/** A server whose mails are in its outbox, as on somebody's own machine. */
export function startWithOutbox(): Promise<TestServer> {
  return startServer({
    env: { APP_URL: 'http://localhost:3000', TRUSTED_ORIGINS: APP_URL },
  })
}

/** Somebody at an address of this machine's, with a browser that keeps cookies. */
export class Visitor {
  readonly #server: TestServer
  readonly #address: string
  readonly #headers: Record<string, string>
  readonly #cookies = new Map<string, string>()

  constructor(server: TestServer, address = '127.0.0.1', headers: Record<string, string> = {}) {
    this.#server = server
    this.#address = address
    this.#headers = headers
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answered> {
    return this.#send('GET', path, { headers })
  }

  /** A call of a sign-in route. */
  auth(path: string, body: object): Promise<Answered> {
    return this.#send('POST', `/api/auth/${path}`, { body })
  }

  async signUp(email: string, password = PASSWORD): Promise<string> {
    const { status, body } = await this.auth('sign-up/email', { email, name: 'Somebody', password })
    if (status !== 200) throw new Error(`sign-up: ${status} ${JSON.stringify(body)}`)
    return (body['user'] as { id: string }).id
  }

  async signIn(email: string, password = PASSWORD): Promise<number> {
    return (await this.auth('sign-in/email', { email, password })).status
  }

  /** Who the server says this is; null: nobody. */
  async whoAmI(): Promise<{ email: string; emailVerified: boolean } | null> {
    const { body } = await this.get('/api/auth/get-session')
    return (body?.['user'] as { email: string; emailVerified: boolean } | undefined) ?? null
  }

  /** The token of the last mail to somebody with this in its subject. */
  async mailed(to: string, subject: string): Promise<string> {
    for (let tries = 0; tries < 200; tries++) {
      const { body } = await this.get('/api/outbox', { host: 'localhost:3000' })
      const mails = body['mails'] as { to: string; subject: string; text: string }[]
      const mail = mails.find((each) => each.to === to && each.subject.includes(subject))
      if (mail) return decodeURIComponent(/token=(\S+)/.exec(mail.text)?.[1] ?? '')
    }
    throw new Error(`no mail to ${to} about ${subject}`)
  }

  #send(
    method: string,
    path: string,
    { body, headers = {} }: { body?: object; headers?: Record<string, string> },
  ): Promise<Answered> {
    const url = new URL(path, this.#server.url)
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    return new Promise((resolve, reject) => {
      const call = request(
        url,
        {
          method,
          localAddress: this.#address,
          headers: {
            origin: APP_URL,
            ...(body && { 'content-type': 'application/json' }),
            ...(cookie !== '' && { cookie }),
            ...this.#headers,
            ...headers,
          },
        },
        (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('error', reject)
          response.on('end', () => {
            for (const each of response.headers['set-cookie'] ?? []) this.#keep(each)
            const text = Buffer.concat(chunks).toString()
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: text.startsWith('{')
                ? JSON.parse(text)
                : text.startsWith('[')
                  ? { list: JSON.parse(text) }
                  : {},
            })
          })
        },
      )
      call.on('error', reject)
      call.end(body && JSON.stringify(body))
    })
  }

  #keep(cookie: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
    if (/max-age=0/i.test(cookie)) this.#cookies.delete(name)
    else this.#cookies.set(name, value)
  }
}
