import { CatalogError, definePlans } from '../../src/index.ts'

/** A catalogue without a mistake, as a JavaScript caller writes it: tests change one thing of it. */
export function base() {
  return {
    meters: {
      minutes: { name: 'Minutes', unit: ['minute', 'minutes'] },
      gb: { name: 'Storage', unit: ['GB', 'GB'] },
    },
    plans: {
      starter: {
        name: 'Starter',
        description: 'To begin with',
        price: { month: { usd: 900 } },
        limits: { minutes: 60, gb: 'none' },
      },
      team: {
        name: 'Team',
        description: 'For many',
        price: { month: { usd: 4_900 } },
        limits: { minutes: 'unlimited', gb: 100 },
      },
    },
  }
}

/** A JavaScript caller's: whatever it is given. */
export function define(definition: unknown) {
  return definePlans(definition as Parameters<typeof definePlans>[0])
}

/** The lines of the CatalogError that a definition is refused with; none where it is accepted. */
export function mistakes(definition: unknown): string[] {
  try {
    define(definition)
    return []
  } catch (error) {
    if (!(error instanceof CatalogError)) throw error
    return error.issues.map(({ path, message }) => `${path}: ${message}`)
  }
}

/** `object` with the value at a path replaced, or taken out where it is undefined; the rest is left as it is. */
export function put(object: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return value
  const record = { ...(object as Record<string, unknown>) }
  const next = put(record[key] ?? {}, rest, value)
  if (next === undefined) delete record[key]
  else record[key] = next
  return record
}
