import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Change, Store } from '../core/store.ts'

/** The first line of a data file. */
interface Header {
  emulator: 1
  /** The base URL of the hosted pages when the file was written. */
  baseUrl: string
}

/** An open data file, and its size when it was written. */
export interface DataFile {
  descriptor: number
  bytes: number
}

const LINES_AT_ONCE = 1_000

/**
 * Loads the documents of a data file into the store. An incomplete end, left by a kill or a power cut, was
 * never acknowledged and is skipped. Throws on any other damage.
 */
export function loadInto(store: Store, path: string, baseUrl: string): void {
  const text = readFileSync(path, 'utf8')
  const [first = '', ...lines] = text.split('\n')
  const header = parse<Header>(first)
  if (header?.emulator !== 1) throw new Error(`${path} is not a data file of stripe-emulator`)
  for (const [index, line] of lines.entries()) {
    if (line === '') continue
    // JSON has no NUL: the file was extended, but its data never reached the disk.
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
 * Writes the store to a new file, one line for each document, and renames it over the old one. When this
 * returns, the file is on the disk; if it throws, the old file is unchanged.
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

/** Syncs a rename to the disk. Windows does so by itself, and cannot open folders. */
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
