import type { Change } from '../core/store/store.ts'
import type { Due, Summary } from '../core/store/table.ts'
import type { CollectionName } from '../documents.ts'

// A line of the data file is one transaction: for each document that it wrote, what is known of it and the document,
// both JSON, with tabs between them. JSON has no raw tab, so a document is found without being parsed.

/** What stands before a document: its collection, its id, its keys in the indexes, when it is due. */
type Head = [CollectionName, string, (string | null)[]?, [number, string]?]

/** Stands for the base URL in the file, so that links to the hosted pages follow the emulator to another address. */
const ORIGIN = 'http://stripe-emulator.invalid/'

const TAB = 9
const BRACE = '{'.charCodeAt(0)

const NOTHING_KNOWN: Summary = { keys: [], due: null }

/** One document in a line. */
export interface ParsedRecord {
  collection: CollectionName
  id: string
  summary: Summary
  removed: boolean
  /** Where it begins in the line, in bytes, and how long it is. */
  at: number
  bytes: number
}

/** The line of a transaction, and where each of its documents begins in it. */
export function writeLine(
  changes: readonly Change[],
  baseUrl: string,
): { line: Buffer; records: { at: number; bytes: number }[] } {
  const parts: Buffer[] = []
  const records: { at: number; bytes: number }[] = []
  let at = 0
  for (const change of changes) {
    const json = JSON.stringify(change.doc).replaceAll(`${baseUrl}/`, ORIGIN)
    const record = Buffer.from(`${JSON.stringify(headOf(change))}\t${json}`)
    parts.push(record, Buffer.from('\t'))
    records.push({ at, bytes: record.length })
    at += record.length + 1
  }
  parts[parts.length - 1] = Buffer.from('\n')
  return { line: Buffer.concat(parts), records }
}

function headOf({ collection, id, summarize }: Change): Head {
  const summary = summarize()
  if (summary === null) return [collection, id]
  const { keys, due } = summary
  return due === null
    ? [collection, id, [...keys]]
    : [collection, id, [...keys], [due.at, due.timeline]]
}

/** The documents of a line, which are not parsed. Throws where the line is damaged. */
export function readLine(line: Buffer): ParsedRecord[] {
  const records: ParsedRecord[] = []
  for (let at = 0; at < line.length; ) {
    const body = line.indexOf(TAB, at) + 1
    const next = line.indexOf(TAB, body)
    const end = next === -1 ? line.length : next
    if (body === 0 || body === end) throw new Error('a document is missing')
    const [collection, id, keys, due]: Head = JSON.parse(line.toString('utf8', at, body - 1))
    const summary = keys === undefined ? NOTHING_KNOWN : { keys, due: dueOf(due) }
    const removed = line[body] !== BRACE
    records.push({ collection, id, summary, removed, at, bytes: end - at })
    at = end + 1
  }
  return records
}

function dueOf(due: [number, string] | undefined): Due | null {
  if (due === undefined) return null
  const [at, timeline] = due
  return { at, timeline }
}

/** The document of a record. */
export function parseRecord(record: Buffer, baseUrl: string): unknown {
  const json = record.toString('utf8', record.indexOf(TAB) + 1)
  return JSON.parse(json.replaceAll(ORIGIN, `${baseUrl}/`))
}
