import { describe, expect, test } from 'vitest'
import { notedAnswers } from './noted/answers.ts'
import type { NotedAnswer } from './noted/noted-answer.ts'
import { World } from './noted/world.ts'

/** A message without its ids. */
function withoutIds(message: string | undefined): string | undefined {
  return message?.replace(/\b[a-z]{2,6}_[A-Za-z0-9]{14,}/g, '…')
}

async function ask(noted: NotedAnswer) {
  const world = await World.start()
  for (const [path, form] of noted.before ?? []) {
    const [method = '', rest] = path.includes(' ') ? path.split(' ') : ['POST', path]
    const { status, body } = await world.send(method, rest ?? '', form)
    expect({ path, status, error: body['error'] }).toMatchObject({ path, status: 200 })
    world.name('it', String(body['id']))
  }
  const [method, path, form] = noted.request
  return world.send(method, path, form)
}

function check(noted: NotedAnswer, { status, error, body }: Awaited<ReturnType<typeof ask>>): void {
  const message = withoutIds(error?.message)
  expect({
    status,
    error: error && { ...error, message, request_log_url: undefined },
    ...(noted.message !== undefined && { message: message?.slice(0, noted.message.length) }),
    ...(noted.code !== undefined && { code: error?.code ?? null }),
    ...(noted.param !== undefined && { param: error?.param ?? null }),
  }).toMatchObject({
    status: noted.status,
    ...(noted.message !== undefined && { message: noted.message }),
    ...(noted.code !== undefined && { code: noted.code }),
    ...(noted.param !== undefined && { param: noted.param }),
  })
  if (noted.body !== undefined) expect(body).toMatchObject(noted.body)
}

describe.each(Object.entries(notedAnswers))('%s', (_area, answers) => {
  test.each(answers.map((noted) => [noted.about, noted] as const))('%s', async (_about, noted) => {
    check(noted, await ask(noted))
  })
})
