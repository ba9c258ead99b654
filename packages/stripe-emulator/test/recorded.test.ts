import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { accepted, acceptedInOlder } from './recorded/accepted.ts'
import type { Recorded } from './recorded/replay.ts'
import { replay } from './recorded/replay.ts'

/** Real traffic with Stripe: its requests must get the same statuses, fields and values, but for the accepted differences. */
const FOLDER = new URL('../../../tooling/testing/stripe-recorded/', import.meta.url)

function filesIn(folder: string, extension: string): string[] {
  const names = readdirSync(new URL(folder, FOLDER), { encoding: 'utf8', recursive: true })
  return names.filter((name) => name.endsWith(extension)).map((name) => `${folder}${name}`)
}

function read(file: string): Recorded[] {
  const text = readFileSync(new URL(file, FOLDER), 'utf8')
  return JSON.parse(file.endsWith('.json') ? text : `[${text.trim().split('\n').join(',')}]`)
}

const newer = [...filesIn('shared/', '.json'), ...filesIn('newer/', '.jsonl')]
const older = filesIn('older/', '.jsonl')

describe.each(newer)('%s', (file) => {
  test('the same requests get the same statuses, fields and values', async () => {
    const { statuses, differences } = await replay(read(file), { accepted, asRecorded: true })
    expect({ statuses, differences }).toEqual({ statuses: [], differences: [] })
  })
})

describe.each(older)('%s', (file) => {
  test('the same requests get the same statuses, fields and values, in their version', async () => {
    const found = await replay(read(file), { accepted: acceptedInOlder, asRecorded: true })
    const differences = found.differences.filter((line) => !line.includes('(extra)'))
    expect({ statuses: found.statuses, differences }).toEqual({ statuses: [], differences: [] })
  })
})
