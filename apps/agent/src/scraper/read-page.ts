import { TextDecoder } from 'node:util'
import type { Response } from 'undici'
import { HttpError } from '../http-error.ts'

export interface PageContent {
  contentType: 'text/html' | 'text/plain'
  body: string
  /** Of the body, decompressed. */
  bytes: number
}

/** Reads a text of at most `maxBytes`, counted after decompression while it arrives. Throws 502 for anything else. */
export async function readPage(response: Response, maxBytes: number): Promise<PageContent> {
  if (!response.ok) throw new HttpError(502, `The page answered ${response.status}.`)
  const [type = '', ...parameters] = (response.headers.get('content-type') ?? '').split(';')
  const contentType = type.trim().toLowerCase()
  if (contentType !== 'text/html' && contentType !== 'text/plain') {
    throw new HttpError(502, 'The page is neither text/html nor text/plain.')
  }
  const bytes = await readBytes(response, maxBytes)
  return { contentType, body: decoder(parameters).decode(bytes), bytes: bytes.length }
}

async function readBytes(response: Response, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('a body is made of bytes')
    length += chunk.length
    if (length > maxBytes) throw new HttpError(502, `The page has more than ${maxBytes} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** For the charset that the header names; UTF-8 where it names none, or one that nobody knows. */
function decoder(parameters: string[]): TextDecoder {
  const charset = parameters
    .map((parameter) => /^\s*charset\s*=\s*"?([^"\s]+)"?\s*$/i.exec(parameter)?.[1])
    .find((label) => label !== undefined)
  try {
    return new TextDecoder(charset)
  } catch {
    return new TextDecoder()
  }
}
