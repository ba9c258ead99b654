import fc from 'fast-check'

/**
 * A number as it is written in JSON, where JavaScript has no value for it or `JSON.stringify` writes it otherwise.
 * It travels through the generators as a text, and `toJson` writes it without quotes.
 */
const MARK = 'number:'

/** JSON, with the numbers that `literal` made as they were given. */
export function toJson(value: unknown): string {
  const json = JSON.stringify(value) ?? 'null'
  return json.replace(new RegExp(`"${MARK}([-+.eE0-9]+)"`, 'g'), '$1')
}

const literal = (digits: string) => MARK + digits

const numbers = fc.oneof(
  fc.constantFrom(
    ...[0, 1, -1, 0.5, 1e308, -1e308, 5e-324, 1e21, 100, 101, 86_400, 86_401],
    ...[2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53 - 1, 2 ** 53, -(2 ** 53), 2 ** 63],
    ...['-0', '1e400', '-1e400', '9223372036854775808', '1.0', '1e2', `1${'0'.repeat(400)}`].map(
      literal,
    ),
  ),
  fc.maxSafeInteger(),
  fc.double(),
)

const badTexts = [
  ...['', ' ', '\0', 'a\0b', '\u0001', '\u001f', '\u007f', '\u0085', '\ufeff', '\ufffe', '\uffff'],
  ...['\ud83d', 'a\udd8a', '\udd8a\ud83d', '\u202e', 'e\u0301', 'İ', 'ß'],
  ...[
    '%',
    '_',
    '\\',
    "'",
    '"',
    ';--',
    "' OR 1=1 --",
    '%\\',
    '$1',
    '{}',
    '[]',
    '../..',
    '%00',
    '%ff',
  ],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'null', 'undefined', 'NaN', 'true'],
  ...['Infinity', '-1', '1e3', '0x10', ' 1', '१', 'unlimited', 'none', 'unknown'],
  ...[
    'http://[',
    'javascript:alert(1)',
    '//evil.example',
    'http://app.tollgate.test\\@evil.example',
  ],
  ...['a@b', `${'a'.repeat(250)}@example.com`, '"a\0"@example.com', 'ü@exämple.com'],
]

const badInstants = [
  ...[
    '0000-01-01T00:00:00Z',
    '0000-01-01T00:00:00.000Z',
    '0001-01-01T00:00:00Z',
    '9999-12-31T23:59:59.999Z',
  ],
  ...['-004713-01-01T00:00:00.000Z', '-004714-11-23T00:00:00.000Z', '-271821-04-20T00:00:00.000Z'],
  ...['+275760-09-13T00:00:00.000Z', '+275760-09-13T00:00:00.001Z', '+294277-01-01T00:00:00.000Z'],
  ...[
    '275760-09-13T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-01T24:00:00Z',
  ],
  ...['2026-01-01T00:00:60Z', '2026-01-01T00:00:00', '2026-01-01T00:00:00+14:00', '2026-01-01'],
  ...[
    '0000-01-01',
    '0000-00-00',
    '9999-12-31',
    '10000-01-01',
    '2025-02-29',
    '0000-01',
    '9999-12',
    '0000-12',
  ],
  ...[`2026-01-01T00:00:00.${'9'.repeat(300)}Z`, 'infinity', '-infinity', 'now', 'today', 'epoch'],
]

/** Texts that a database, a parser or a pattern may read as something else. */
export const texts = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('\0', 'a\0b@example.com', '\ud83d', 'a\udd8a') },
  { weight: 6, arbitrary: fc.constantFrom(...badTexts) },
  { weight: 3, arbitrary: fc.constantFrom(...badInstants) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 300 }) },
  { weight: 1, arbitrary: fc.constantFrom(255, 256, 1_001, 20_000).map((n) => 'é'.repeat(n)) },
)

/** What a cursor may decode to when nobody made it here. */
export const cursors = fc.oneof(
  fc.constantFrom('', '=', '====', 'W10', 'bnVsbA', 'e30', '!!!', '-_-_', 'W1tdXQ', '\ud83d'),
  fc.array(fc.oneof(texts, numbers, fc.constant(null)), { maxLength: 4 }).map(encode),
  fc.tuple(texts, texts).map(encode),
  fc.tuple(fc.constantFrom('newest', 'oldest', 'email', 'customers', 'prices'), texts).map(encode),
  fc.tuple(fc.constantFrom('newest', 'oldest', 'email'), texts, texts).map(encode),
  fc.tuple(fc.constantFrom(...badInstants), fc.uuid()).map(encode),
  fc.uuid().map((id) => encode([id])),
  fc.object({ maxDepth: 2 }).map(encode),
)

/** Ids of uses that name any user. */
export const usageIds = fc
  .tuple(fc.uuid(), texts)
  .map(([id, user]) => `${id}.${Buffer.from(user).toString('base64url')}`)

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

const objects = fc.oneof(
  fc
    .constantFrom('__proto__', 'constructor', 'prototype', 'toJSON', 'then', 'length')
    .map((key) => ownKey(key, 1)),
  fc.constantFrom('__proto__', 'constructor').map((key) => ownKey(key, { admin: true })),
  fc.constantFrom(2, 30, 200).map((depth) => nest(depth)),
  fc.constantFrom(1, 200).map((width) => wide(width)),
  fc.object({ maxDepth: 2, key: texts }),
  fc.array(fc.oneof(texts, numbers), { maxLength: 5 }),
  fc.constantFrom<unknown>([], {}, [[]], [{}], [null]),
)

/** Any value that JSON can carry, and many that nobody expects. */
export const values: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 5, arbitrary: texts },
  { weight: 4, arbitrary: numbers },
  { weight: 2, arbitrary: objects },
  { weight: 1, arbitrary: cursors },
  { weight: 1, arbitrary: usageIds },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(null, true, false) },
)

/** An object with a key of its own, `__proto__` too. */
export function ownKey(key: string, value: unknown): Record<string, unknown> {
  return Object.fromEntries([[key, value]])
}

function nest(depth: number): unknown {
  let value: unknown = 1
  for (let i = 0; i < depth; i += 1) value = i % 2 === 0 ? [value] : { a: value }
  return value
}

function wide(width: number): Record<string, unknown> {
  return Object.fromEntries(Array.from({ length: width }, (_, i) => [`k${i}`, i]))
}
