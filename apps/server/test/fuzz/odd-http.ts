import fc from 'fast-check'

export const JSON_TYPE = 'application/json'

export const contentTypes = fc.oneof(
  { weight: 20, arbitrary: fc.constant(JSON_TYPE) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...[
        '',
        'application/json; charset=utf-16',
        'APPLICATION/JSON',
        'application/json;charset=latin1',
      ],
      ...['application/json, text/plain', 'text/plain', 'application/xml', 'multipart/form-data'],
      ...[
        'multipart/form-data; boundary=x',
        'application/x-www-form-urlencoded',
        ';',
        'json',
        '*/*',
      ],
    ),
  },
)

/** Pieces that are added to a query, as they are sent. */
export const oddQueries = fc.constantFrom(
  ...[
    'limit=1&limit=2',
    'x[]=1',
    'userId=a&userId=b',
    '__proto__=1',
    'constructor=1',
    '%',
    '%ff',
    '%00',
  ],
  ...[
    '&&&=',
    'a=%ed%a0%80',
    'limit=%31',
    'limit',
    'cursor=',
    'input',
    'input=%7B',
    'batch=1',
    '=',
    '?',
    '+',
  ],
)

/** Ends of a path, as they are sent. */
export const oddPaths = fc.constantFrom(
  ...[
    '%00',
    'a%00b',
    '%ff',
    '%ed%a0%80',
    '%2e%2e',
    '..',
    '.',
    '%2f',
    '%',
    '%zz',
    '%c0%af',
    '%u0000',
    '',
  ],
  ...[
    'a/b',
    'a//b',
    ';',
    '*',
    '%25',
    '%20',
    'a%0d%0ab',
    '__proto__',
    'constructor',
    'a'.repeat(2_000),
  ],
)
