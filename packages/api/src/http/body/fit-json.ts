import { invalid } from '@tollgate/core'
import { MAX_VALUES_BETWEEN, PART } from '../../schemas/limits.ts'

/** What stands for a part that is over its limits. JSON.parse makes Infinity of it, which no schema takes. */
const OVER = '1e999'

const QUOTE = 34
const COMMA = 44
const OPEN_ARRAY = 91
const BACKSLASH = 92
const CLOSE_ARRAY = 93
const OPEN_OBJECT = 123
const CLOSE_OBJECT = 125

/**
 * The text, once it is known to be cheap to parse and to check: V8 takes seconds for some megabytes of `[`, and a schema
 * for as many fields. Parts begin at `partDepth`; one with too much in it becomes a value that its schema refuses. Throws
 * VALIDATION where the body is one part, or too much stands between the parts. It reads each character once, and
 * leaves what is no JSON to the parser.
 */
export function fitJson(text: string, partDepth: number): string {
  const scan = new Scan(text, partDepth)
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(text, at)
        break
      case COMMA:
        scan.value()
        break
      case OPEN_ARRAY:
      case OPEN_OBJECT:
        scan.open(at)
        break
      case CLOSE_ARRAY:
      case CLOSE_OBJECT:
        scan.close(at)
        break
    }
  }
  return scan.end()
}

/** Where the string that begins at `at` ends; the end of the text where it does not. */
function endOfString(text: string, at: number): number {
  let end = at
  do end = text.indexOf('"', end + 1)
  while (end !== -1 && isEscaped(text, end))
  return end === -1 ? text.length : end
}

function isEscaped(text: string, quote: number): boolean {
  let first = quote
  while (text.charCodeAt(first - 1) === BACKSLASH) first--
  return (quote - first) % 2 === 1
}

class Scan {
  readonly #text: string
  readonly #partDepth: number
  #depth = 0
  #between = 0
  #begin = 0
  #deepest = 0
  #values = 0
  #copied = 0
  #fit = ''

  constructor(text: string, partDepth: number) {
    this.#text = text
    this.#partDepth = partDepth
  }

  value(): void {
    if (this.#depth >= this.#partDepth) this.#values++
    else if (++this.#between > MAX_VALUES_BETWEEN) throw tooMuch('holds too many values')
  }

  open(at: number): void {
    if (++this.#depth === this.#partDepth) {
      this.#begin = at
      this.#deepest = this.#depth
      this.#values = 0
    } else this.value()
    if (this.#depth > this.#deepest) this.#deepest = this.#depth
  }

  close(at: number): void {
    if (this.#depth-- === this.#partDepth) this.#endPart(at + 1)
  }

  end(): string {
    if (this.#depth >= this.#partDepth) this.#endPart(this.#text.length)
    return this.#copied === 0 ? this.#text : this.#fit + this.#text.slice(this.#copied)
  }

  #endPart(end: number): void {
    const fault = this.#faultOfPart(end - this.#begin)
    if (fault === null) return
    if (this.#partDepth === 1) throw tooMuch(fault)
    this.#fit += this.#text.slice(this.#copied, this.#begin) + OVER
    this.#copied = end
  }

  #faultOfPart(length: number): string | null {
    if (length > PART.bytes) return `is longer than ${PART.bytes} characters`
    if (this.#deepest - this.#partDepth >= PART.depth) return `is nested over ${PART.depth} deep`
    return this.#values > PART.values ? `holds more than ${PART.values} values` : null
  }
}

function tooMuch(fault: string): Error {
  return invalid('body', fault)
}
