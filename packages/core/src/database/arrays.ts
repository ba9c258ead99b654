/**
 * One column of many rows as a parameter that PostgreSQL reads in its binary form: no quoting here, no parsing there.
 * The statement names the type of the parameter (`$1::bigint[]`), which has to be the one that is written.
 */
export type ArrayParameter = Buffer

type Value<T> = T | null

const OID = { boolean: 16, bigint: 20, integer: 23, text: 25, timestamptz: 1184, jsonb: 3802 }
const HEADER_BYTES = 20
/** PostgreSQL counts from 2000-01-01, in microseconds. */
const EPOCH_MS = 946_684_800_000

export function texts<T>(rows: readonly T[], of: (row: T) => Value<string>): ArrayParameter {
  return strings(rows, of, { oid: OID.text, prefix: '' })
}

/** Of text as its bytes in UTF-8. */
export function utf8<T>(rows: readonly T[], of: (row: T) => Buffer): ArrayParameter {
  const size = rows.reduce((sum, row) => sum + 4 + of(row).length, HEADER_BYTES)
  const buffer = Buffer.allocUnsafe(size)
  let at = writeHeader(buffer, OID.text, rows.length)
  for (const row of rows) {
    const value = of(row)
    at = buffer.writeInt32BE(value.length, at)
    at += value.copy(buffer, at)
  }
  return buffer
}

/** Of JSON as text. */
export function jsons<T>(rows: readonly T[], of: (row: T) => Value<string>): ArrayParameter {
  // The version of the binary form of jsonb, which is that of its text.
  return strings(rows, of, { oid: OID.jsonb, prefix: '\u0001' })
}

/** Of safe integers. */
export function bigints<T>(rows: readonly T[], of: (row: T) => Value<number>): ArrayParameter {
  return fixed(rows, of, { oid: OID.bigint, bytes: 8, write: writeBigint })
}

export function integers<T>(rows: readonly T[], of: (row: T) => Value<number>): ArrayParameter {
  const write = (buffer: Buffer, value: number, at: number) => buffer.writeInt32BE(value, at)
  return fixed(rows, of, { oid: OID.integer, bytes: 4, write })
}

export function booleans<T>(rows: readonly T[], of: (row: T) => boolean): ArrayParameter {
  const write = (buffer: Buffer, value: boolean, at: number) => buffer.writeUInt8(Number(value), at)
  return fixed(rows, of, { oid: OID.boolean, bytes: 1, write })
}

/** Exact within 285 years of 2000: beyond, so many microseconds are no safe integer. */
export function instants<T>(rows: readonly T[], of: (row: T) => Value<Date>): ArrayParameter {
  const write = (buffer: Buffer, value: Date, at: number) =>
    writeBigint(buffer, (value.getTime() - EPOCH_MS) * 1_000, at)
  return fixed(rows, of, { oid: OID.timestamptz, bytes: 8, write })
}

function writeBigint(buffer: Buffer, value: number, at: number): void {
  const high = Math.floor(value / 0x1_0000_0000)
  buffer.writeInt32BE(high, at)
  buffer.writeUInt32BE(value - high * 0x1_0000_0000, at + 4)
}

interface Fixed<V> {
  oid: number
  bytes: number
  write: (buffer: Buffer, value: V, at: number) => void
}

function fixed<T, V>(
  rows: readonly T[],
  of: (row: T) => Value<V>,
  { oid, bytes, write }: Fixed<V>,
): ArrayParameter {
  const buffer = Buffer.allocUnsafe(HEADER_BYTES + rows.length * (4 + bytes))
  let at = writeHeader(buffer, oid, rows.length)
  for (const row of rows) {
    const value = of(row)
    at = buffer.writeInt32BE(value === null ? -1 : bytes, at)
    if (value === null) continue
    write(buffer, value, at)
    at += bytes
  }
  return buffer.subarray(0, at)
}

function strings<T>(
  rows: readonly T[],
  of: (row: T) => Value<string>,
  { oid, prefix }: { oid: number; prefix: string },
): ArrayParameter {
  let size = HEADER_BYTES
  // At most three bytes a UTF-16 unit; measuring each exactly costs more than the room.
  for (const row of rows) size += 4 + 3 * (prefix.length + (of(row)?.length ?? 0))
  const buffer = Buffer.allocUnsafe(size)
  let at = writeHeader(buffer, oid, rows.length)
  for (const row of rows) {
    const value = of(row)
    const bytes = value === null ? -1 : buffer.write(prefix + value, at + 4)
    buffer.writeInt32BE(bytes, at)
    at += 4 + Math.max(0, bytes)
  }
  return buffer.subarray(0, at)
}

/** One dimension that may have nulls, counted from 1. Source: PostgreSQL's array_recv. */
function writeHeader(buffer: Buffer, oid: number, length: number): number {
  buffer.writeInt32BE(1, 0)
  buffer.writeInt32BE(1, 4)
  buffer.writeInt32BE(oid, 8)
  buffer.writeInt32BE(length, 12)
  return buffer.writeInt32BE(1, 16)
}
