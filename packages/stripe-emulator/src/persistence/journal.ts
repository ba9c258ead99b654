import { existsSync, fdatasync, ftruncateSync } from 'node:fs'
import type { Change, DocumentRecord, Store } from '../core/store/store.ts'
import type { DataFile } from './data-file.ts'
import { closeFile, openInto, recordReader, rewrite, writeBytes } from './data-file.ts'
import type { Lock } from './lock.ts'
import { lockFile } from './lock.ts'
import { writeLine } from './record.ts'

/** The file is rewritten when it has grown to this many times what its documents need … */
const COMPACT_AT = 4
/** … and to at least this many bytes. */
const COMPACT_FROM_BYTES = 8 * 1024 * 1024

export interface JournalOptions {
  path: string
  store: Store
  baseUrl: string
  compactFromBytes?: number | undefined
}

/**
 * A data file with one line of JSON for each transaction. A transaction is appended and synced to the disk
 * before its response is sent, so that what was acknowledged survives `kill -9` and a power cut. Concurrent
 * requests share one sync. When the file has grown, it is rewritten beside the old one and renamed over it.
 */
export class Journal {
  readonly #options: JournalOptions
  readonly #lock: Lock
  #file: DataFile
  #size: number
  #synced: number
  #syncing: Promise<void> | null = null
  #broken: Error | null = null
  #compactAt: number

  private constructor(options: JournalOptions, lock: Lock, file: DataFile) {
    this.#options = options
    this.#lock = lock
    this.#file = file
    this.#size = file.bytes
    this.#synced = file.bytes
    this.#compactAt = this.#limitOf(file)
    options.store.cache.readFrom(recordReader(() => this.#file.descriptor, options.baseUrl))
    this.compactIfGrown()
  }

  /** Loads the store from the file, if it exists, and opens it for writing. Throws where it is damaged or in use. */
  static open(options: JournalOptions): Journal {
    const { path } = options
    const lock = lockFile(`${path}.lock`)
    try {
      return new Journal(options, lock, openFile(options))
    } catch (error) {
      lock.release()
      throw error
    }
  }

  /** The size of the file in bytes. */
  get bytes(): number {
    return this.#size
  }

  /**
   * Appends a transaction, and returns where each of its documents is; when this returns, the operating system has
   * it. If it throws, the file is unchanged.
   */
  append(changes: readonly Change[]): DocumentRecord[] {
    if (this.#broken !== null) throw this.#broken
    const { line, records } = writeLine(changes, this.#options.baseUrl)
    const begin = this.#size
    try {
      writeBytes(this.#file.descriptor, line, begin)
    } catch (error) {
      ftruncateSync(this.#file.descriptor, begin)
      throw error
    }
    this.#size += line.length
    return records.map(({ at, bytes }) => ({ at: begin + at, bytes }))
  }

  /** Resolves when everything appended is on the disk; null: it already is. Rejects after a failed sync. */
  durable(): Promise<void> | null {
    if (this.#broken !== null) return Promise.reject(this.#broken)
    return this.#synced === this.#size ? null : this.#syncUpTo(this.#size)
  }

  /**
   * Rewrites the file where it has grown; everything appended is then on the disk. Must not be called in a
   * transaction, which may still be rolled back.
   */
  compactIfGrown(): void {
    if (this.#size < this.#compactAt || this.#broken !== null) return
    const { store } = this.#options
    const old = this.#file
    try {
      this.#file = rewrite(store, { ...this.#options, old })
    } catch {
      // The old file is intact and stays in use; there may be space for a new one later.
      this.#compactAt = 2 * this.#size
      return
    }
    this.#size = this.#file.bytes
    this.#synced = this.#file.bytes
    this.#compactAt = this.#limitOf(this.#file)
    closeAfter(this.#syncing, old)
  }

  /** Syncs the rest, closes the file and releases its lock. */
  async close(): Promise<void> {
    try {
      await this.durable()
    } finally {
      closeFile(this.#file)
      this.#lock.release()
    }
  }

  #limitOf(file: DataFile): number {
    return Math.max(
      this.#options.compactFromBytes ?? COMPACT_FROM_BYTES,
      COMPACT_AT * file.liveBytes,
    )
  }

  /** Waits for the running sync, which may have begun too early, and then for the next one. */
  async #syncUpTo(size: number): Promise<void> {
    const file = this.#file
    while (this.#file === file && this.#synced < size) {
      this.#syncing ??= this.#sync(file).finally(() => {
        this.#syncing = null
      })
      await this.#syncing
    }
  }

  async #sync(file: DataFile): Promise<void> {
    const size = this.#size
    const error = await new Promise<Error | null>((resolve) => fdatasync(file.descriptor, resolve))
    if (this.#file !== file) return
    // After a failed sync the content of the disk is unknown, so nothing more is acknowledged.
    this.#broken = error
    if (error !== null) throw error
    this.#synced = size
  }
}

/** Opens the file with its documents; a new one, or one of an older version, is written. */
function openFile({ path, store, baseUrl }: JournalOptions): DataFile {
  if (!existsSync(path)) return rewrite(store, { path, baseUrl, old: null })
  const file = openInto(store, path, baseUrl)
  if (file.liveBytes > 0) return file
  closeFile(file)
  return rewrite(store, { path, baseUrl, old: null })
}

function closeAfter(syncing: Promise<void> | null, file: DataFile): void {
  const close = () => closeFile(file)
  if (syncing === null) close()
  else syncing.then(close, close)
}
