import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { startServer } from '../harness.ts'
import { PASSWORD, Visitor } from './visitor.ts'

/** A mail server that takes what it is given, after refusing the first few. */
async function startMailServer({ refuses = 0 } = {}) {
  const mails: string[] = []
  let refused = 0
  const server = createServer((socket) => {
    let data: string | null = null
    let buffered = ''
    socket.write('220 test\r\n')
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk) => {
      buffered += chunk.toString()
      for (let end = buffered.indexOf('\r\n'); end !== -1; end = buffered.indexOf('\r\n')) {
        const line = buffered.slice(0, end)
        buffered = buffered.slice(end + 2)
        answer(line)
      }
    })
    function answer(line: string): void {
      if (data !== null) {
        if (line !== '.') {
          data += `${line}\n`
          return
        }
        mails.push(data)
        data = null
        socket.write('250 taken\r\n')
      } else if (/^MAIL/i.test(line) && refused < refuses) {
        refused += 1
        socket.write('451 come back later\r\n')
      } else if (/^DATA/i.test(line)) {
        data = ''
        socket.write('354 go on\r\n')
      } else if (/^QUIT/i.test(line)) {
        socket.end('221 bye\r\n')
      } else {
        socket.write('250 fine\r\n')
      }
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    mails,
    url: `smtp://127.0.0.1:${port}`,
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}

const start = (smtpUrl: string) =>
  startServer({ env: { SMTP_URL: smtpUrl, MAIL_FROM: 'Example <billing@example.com>' } })

it('mails go through SMTP_URL, from MAIL_FROM, and there is no outbox', async () => {
  const mailServer = await startMailServer()
  const server = await start(mailServer.url)
  const visitor = new Visitor(server)
  await visitor.signUp('ada@example.com')
  await expect.poll(() => mailServer.mails, { timeout: 20_000 }).toHaveLength(1)
  expect(mailServer.mails[0]).toMatch(/^From: Example <billing@example.com>$/m)
  expect(mailServer.mails[0]).toMatch(/^To: ada@example.com$/m)
  expect(mailServer.mails[0]).toContain('/verify-email?token')
  expect(await visitor.get('/api/outbox', { host: 'localhost' })).toMatchObject({ status: 404 })
  await server.close()
  await mailServer.stop()
})

it('a mail server that is away neither fails nor delays an answer, and ends no process', async () => {
  const mailServer = await startMailServer()
  await mailServer.stop()
  const server = await start(mailServer.url)
  const visitor = new Visitor(server)
  await visitor.signUp('ada@example.com')
  expect(await visitor.signIn('ada@example.com', PASSWORD)).toBe(200)
  expect(await visitor.auth('request-password-reset', { email: 'ada@example.com' })).toMatchObject({
    status: 200,
  })
  await server.close()
})

it('a mail that the mail server refuses for now is sent again', async () => {
  const mailServer = await startMailServer({ refuses: 1 })
  const server = await start(mailServer.url)
  await new Visitor(server).signUp('ada@example.com')
  await expect.poll(() => mailServer.mails, { timeout: 30_000 }).toHaveLength(1)
  await server.close()
  await mailServer.stop()
})
