import { readFileSync } from 'node:fs'
import type { Store } from '../core/store/store.ts'
import type { CollectionName, Documents } from '../documents.ts'

/** The first line of a data file of version 0.1: each further line is a transaction, documents as JSON. */
interface OlderHeader {
  emulator: 1
  baseUrl: string
}

type OlderChange = [name: CollectionName, id: string, doc: Documents[CollectionName] | null]

/** Loads a data file of version 0.1 whole; it is then rewritten. Throws where it is none, or damaged. */
export function loadOlder(store: Store, path: string, baseUrl: string): void {
  const [first = '', ...lines] = readFileSync(path, 'utf8').split('\n')
  const header = parse<OlderHeader>(first)
  if (header?.emulator !== 1) throw new Error(`${path} is not a data file of stripe-emulator`)
  for (const [index, line] of lines.entries()) {
    if (line === '') continue
    if (line.includes('\0')) break
    const changes = parse<OlderChange[]>(line.replaceAll(`${header.baseUrl}/`, `${baseUrl}/`))
    if (changes !== undefined) load(store, changes)
    else if (index < lines.length - 1) throw new Error(`${path} is damaged at line ${index + 2}`)
  }
  store.commit()
}

function load(store: Store, changes: readonly OlderChange[]): void {
  for (const [name, id, doc] of changes) {
    if (doc === null) store.remove(name, id)
    else store.put(name, doc as never)
  }
}

function parse<T>(line: string): T | undefined {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
