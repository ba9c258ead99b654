import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Change, Store } from '../core/store.ts'

/** The first line of a data file. */
interface Header {
  emulator: 1
  /** Where the hosted pages were when the file was written. */
  baseUrl: string
}

/** An open data file, and how long it was when it was written. */
export interface DataFile {
  descriptor: number
  bytes: number
}

const LINES_AT_ONCE = 1_000

/**
 * Puts the documents of a data file into the store. What a kill or a power cut left unfinished at
 * the end was never acknowledged and is passed over; other damage is refused.
 */
export function loadInto(store: Store, path: string, baseUrl: string): void {
  const text = readFileSync(path, 'utf8')
  const [first = '', ...lines] = text.split('\n')
  const header = parse<Header>(first)
  if (header?.emulator !== 1) throw new Error(`${path} is not a data file of stripe-emulator`)
  for (const [index, line] of lines.entries()) {
    if (line === '') continue
    // JSON has no NUL: the file had grown, and what was to be there never reached the disk.
    if (line.includes('\0')) return
    // Links to the hosted pages follow the emulator to its new address.
    const changes = parse<Change[]>(line.replaceAll(`${header.baseUrl}/`, `${baseUrl}/`))
    if (changes !== undefined) store.load(changes)
    else if (index < lines.length - 1) throw new Error(`${path} is damaged at line ${index + 2}`)
  }
}

function parse<T>(line: string): T | undefined {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

/**
 * Writes the store to a file, one line for each document, and puts it in the place of the old one.
 * When this returns it is on the disk; where it throws, the old file is as it was.
 */
export function rewrite(path: string, store: Store, baseUrl: string): DataFile {
  const descriptor = openSync(`${path}.new`, 'w', 0o600)
  try {
    const bytes = writeAll(descriptor, store, { emulator: 1, baseUrl })
    fsyncSync(descriptor)
    renameSync(`${path}.new`, path)
    syncFolder(dirname(path))
    return { descriptor, bytes }
  } catch (error) {
    closeSync(descriptor)
    throw error
  }
}

function writeAll(descriptor: number, store: Store, header: Header): number {
  let bytes = 0
  let lines = [JSON.stringify(header)]
  const flush = () => {
    const chunk = Buffer.from(`${lines.join('\n')}\n`)
    writeFileSync(descriptor, chunk)
    bytes += chunk.length
    lines = []
  }
  for (const change of store.everything()) {
    lines.push(JSON.stringify([change]))
    if (lines.length >= LINES_AT_ONCE) flush()
  }
  if (lines.length > 0) flush()
  return bytes
}

/** Makes a rename last; Windows does it by itself and can't open folders. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return
  const descriptor = openSync(folder, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

/** Closes a data file. */
export function closeFile(file: DataFile): void {
  closeSync(file.descriptor)
}
