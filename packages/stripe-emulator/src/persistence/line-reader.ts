import { readSync } from 'node:fs'

const CHUNK_BYTES = 1024 * 1024
const NEWLINE = 10

/** Reads a file line by line; an end without a newline is no line. A line is only valid until the next one is read. */
export class LineReader {
  readonly #descriptor: number
  #buffer = Buffer.allocUnsafe(CHUNK_BYTES)
  /** The part of the buffer that was read and not yet returned. */
  #from = 0
  #to = 0
  #position = 0
  #lines = 0
  #end = 0

  constructor(descriptor: number) {
    this.#descriptor = descriptor
  }

  /** The number of the last line, from 1. */
  get number(): number {
    return this.#lines
  }

  /** Where the last line ends in the file, its newline included. */
  get end(): number {
    return this.#end
  }

  /** The next line without its newline; undefined at the end, and at bytes that never reached the disk. */
  next(): Buffer | undefined {
    for (let searched = this.#from; ; ) {
      const newline = this.#buffer.subarray(0, this.#to).indexOf(NEWLINE, searched)
      if (newline !== -1) return this.#take(newline)
      searched = this.#to - this.#from
      if (!this.#fill()) return undefined
    }
  }

  #take(newline: number): Buffer | undefined {
    const line = this.#buffer.subarray(this.#from, newline)
    // JSON has no NUL: the file was extended, but its data never reached the disk.
    if (line.includes(0)) return undefined
    this.#end += newline + 1 - this.#from
    this.#from = newline + 1
    this.#lines += 1
    return line
  }

  /** Reads more of the file behind what is left of the buffer; false at its end. */
  #fill(): boolean {
    const left = this.#buffer.subarray(this.#from, this.#to)
    const roomy = left.length * 2 > this.#buffer.length
    const target = roomy ? Buffer.allocUnsafe(this.#buffer.length * 2) : this.#buffer
    left.copy(target)
    this.#buffer = target
    this.#from = 0
    this.#to = left.length
    const count = readSync(
      this.#descriptor,
      target,
      this.#to,
      target.length - this.#to,
      this.#position,
    )
    this.#position += count
    this.#to += count
    return count > 0
  }
}
