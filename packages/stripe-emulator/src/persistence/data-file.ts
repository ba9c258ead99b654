import {
  closeSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  writeSync,
} from 'node:fs'
import { dirname } from 'node:path'
import type { Store } from '../core/store/store.ts'
import { LineReader } from './line-reader.ts'
import { loadOlder } from './older-data-file.ts'
import { parseRecord, readLine, writeLine } from './record.ts'
import { StoreLoader } from './store-loader.ts'

/** The first line of a data file. `rules` says by which rules the keys of its documents were made. */
const HEADER = JSON.stringify({ emulator: 2, rules: 1 })

const WRITE_BYTES = 1024 * 1024

/** An open data file. */
export interface DataFile {
  descriptor: number
  bytes: number
  /** How many of its bytes are documents as they are now; the rest is history. */
  liveBytes: number
}

/**
 * Opens a data file and adds its documents to the store, without reading them. An incomplete end, left by a kill or
 * a power cut, was never acknowledged and is cut off. Throws on any other damage.
 */
export function openInto(store: Store, path: string, baseUrl: string): DataFile {
  const descriptor = openSync(path, 'r+')
  try {
    const lines = new LineReader(descriptor)
    const header = lines.next()?.toString('utf8')
    if (header !== HEADER) {
      loadOlder(store, path, baseUrl)
      return { descriptor, bytes: lines.end, liveBytes: 0 }
    }
    const liveBytes = addAll(store, lines, path)
    ftruncateSync(descriptor, lines.end)
    fdatasyncSync(descriptor)
    return { descriptor, bytes: lines.end, liveBytes }
  } catch (error) {
    closeSync(descriptor)
    throw error
  }
}

/** Adds the last record of every document; returns how many bytes they are. */
function addAll(store: Store, lines: LineReader, path: string): number {
  const loader = new StoreLoader(store)
  for (let at = lines.end, line = lines.next(); line !== undefined; line = lines.next()) {
    try {
      for (const record of readLine(line)) loader.add(record, at + record.at)
    } catch {
      throw new Error(`${path} is damaged at line ${lines.number}`)
    }
    at = lines.end
  }
  return loader.finish()
}

/** Reads documents from a data file. */
export function recordReader(descriptor: () => number, baseUrl: string) {
  return ({ at, bytes }: { at: number; bytes: number }): unknown =>
    parseRecord(readBytes(descriptor(), { at, bytes }), baseUrl)
}

function readBytes(descriptor: number, { at, bytes }: { at: number; bytes: number }): Buffer {
  const buffer = Buffer.allocUnsafe(bytes)
  for (let done = 0; done < bytes; ) {
    const count = readSync(descriptor, buffer, done, bytes - done, at + done)
    if (count === 0) throw new Error('the data file is shorter than it was')
    done += count
  }
  return buffer
}

/**
 * Writes the documents to a new file, one line for each, and renames it over the old one. When this returns, the
 * file is on the disk; if it throws, the old file is unchanged. `old` is where documents are that are not in memory.
 */
export function rewrite(
  store: Store,
  file: { path: string; baseUrl: string; old: DataFile | null },
): DataFile {
  const descriptor = openSync(`${file.path}.new`, 'w+', 0o600)
  try {
    const { bytes, moves } = writeAll(descriptor, store, file)
    fsyncSync(descriptor)
    renameSync(`${file.path}.new`, file.path)
    syncFolder(dirname(file.path))
    for (const move of moves) move()
    return { descriptor, bytes, liveBytes: bytes }
  } catch (error) {
    closeSync(descriptor)
    throw error
  }
}

/** Writes all documents; the moves tell their slots where they are now. */
function writeAll(
  descriptor: number,
  store: Store,
  { baseUrl, old }: { baseUrl: string; old: DataFile | null },
): { bytes: number; moves: (() => void)[] } {
  const moves: (() => void)[] = []
  let waiting: Buffer[] = [Buffer.from(`${HEADER}\n`)]
  let waitingBytes = waiting[0]?.length ?? 0
  let bytes = 0
  const flush = () => {
    writeBytes(descriptor, Buffer.concat(waiting), bytes)
    bytes += waitingBytes
    waiting = []
    waitingBytes = 0
  }
  for (const { collection, id, slot } of store.slots()) {
    const stored = old !== null && slot.at >= 0
    const line = stored
      ? Buffer.concat([readBytes(old.descriptor, slot), Buffer.from('\n')])
      : writeLine([store.changeOf(collection, id)], baseUrl).line
    const record = { at: bytes + waitingBytes, bytes: line.length - 1 }
    moves.push(() => Object.assign(slot, record))
    waiting.push(line)
    waitingBytes += line.length
    if (waitingBytes >= WRITE_BYTES) flush()
  }
  flush()
  return { bytes, moves }
}

/** Writes all bytes at a position. */
export function writeBytes(descriptor: number, data: Buffer, at: number): void {
  for (let done = 0; done < data.length; ) {
    done += writeSync(descriptor, data, done, data.length - done, at + done)
  }
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
