import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { listen } from '@tollgate/testing/listen'

export interface Received {
  method: string
  path: string
  authorization: string | undefined
  body: string
}

/** One response of the script. `cut` drops the connection, `hang` never responds. */
export type Step =
  | 'cut'
  | 'hang'
  | { status: number; headers?: Record<string, string>; body: string | object }

export interface ScriptedServer {
  url: string
  received: Received[]
  close: () => Promise<void>
}

/** A real HTTP server that responds with its script's steps in order, and repeats the last one. */
export async function startScripted(...script: Step[]): Promise<ScriptedServer> {
  const received: Received[] = []
  const { url, close } = await listen((request, response) => {
    void text(request).then((body) => {
      received.push(describe(request, body))
      play(script[Math.min(received.length, script.length) - 1] ?? 'cut', response)
    })
  })
  return { url, received, close }
}

function describe({ method = '', url = '', headers }: IncomingMessage, body: string): Received {
  const { pathname } = new URL(url, 'http://127.0.0.1')
  return { method, path: pathname, authorization: headers.authorization, body }
}

function play(step: Step, response: ServerResponse): void {
  if (step === 'hang') return
  if (step === 'cut') {
    response.destroy()
    return
  }
  const body = typeof step.body === 'string' ? step.body : JSON.stringify(step.body)
  response.writeHead(step.status, { 'content-type': 'application/json', ...step.headers }).end(body)
}

/** A success, in the shape of tRPC. */
export function success(data: unknown): Step {
  return { status: 200, body: { result: { data } } }
}

/** A failure, in the shape of tRPC. */
export function failure(status: number, data: object, headers: Record<string, string> = {}): Step {
  return { status, headers, body: { error: { message: 'No.', code: -32600, data } } }
}
