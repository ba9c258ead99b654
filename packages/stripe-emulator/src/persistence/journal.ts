import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs'
import type { Change, Store } from '../core/store.ts'
import { type Lock, lockFile } from './lock.ts'

/** The first line of a data file. */
interface Header {
  emulator: 1
  /** Where the hosted pages were when the file was written. */
  baseUrl: string
}

/**
 * A data file: one line of JSON for each transaction, appended before the request is answered, so
 * that what was acknowledged survives `kill -9`. At each start the file is written anew with one
 * line for each document, beside the old one, and renamed over it.
 */
export class Journal {
  readonly #lock: Lock
  readonly #file: number

  private constructor(lock: Lock, file: number) {
    this.#lock = lock
    this.#file = file
  }

  /** Loads the store from the file (if there is one) and keeps it open for what comes. */
  static open(path: string, store: Store, baseUrl: string): Journal {
    const lock = lockFile(`${path}.lock`)
    try {
      if (existsSync(path)) loadInto(store, path, baseUrl)
      const file = rewrite(path, store, baseUrl)
      return new Journal(lock, file)
    } catch (error) {
      lock.release()
      throw error
    }
  }

  /** Appends a transaction; when this returns, the operating system has it. */
  append(changes: readonly Change[]): void {
    writeSync(this.#file, `${JSON.stringify(changes)}\n`)
  }

  close(): void {
    closeSync(this.#file)
    this.#lock.release()
  }
}

function loadInto(store: Store, path: string, baseUrl: string): void {
  const text = readFileSync(path, 'utf8')
  const [first = '', ...lines] = text.split('\n')
  const header = parse<Header>(first)
  if (header?.emulator !== 1) throw new Error(`${path} is not a data file of stripe-emulator`)
  for (const [index, line] of lines.entries()) {
    if (line === '') continue
    // Links to the hosted pages follow the emulator to its new address.
    const changes = parse<Change[]>(line.replaceAll(`${header.baseUrl}/`, `${baseUrl}/`))
    if (changes !== undefined) store.load(changes)
    else if (index < lines.length - 1) throw new Error(`${path} is damaged at line ${index + 2}`)
    // A last line that was cut off by a kill was never acknowledged.
  }
}

function parse<T>(line: string): T | undefined {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

function rewrite(path: string, store: Store, baseUrl: string): number {
  const header: Header = { emulator: 1, baseUrl }
  const file = openSync(`${path}.new`, 'w', 0o600)
  writeSync(file, `${JSON.stringify(header)}\n`)
  for (const change of store.everything()) writeSync(file, `${JSON.stringify([change])}\n`)
  fsyncSync(file)
  renameSync(`${path}.new`, path)
  return file
}
