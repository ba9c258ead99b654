import { invalidRequest, StripeError } from '../../core/errors.ts'

/** What a restricted key may do: everything but some permissions, or some permissions only. */
export type KeyRestriction = { without: readonly string[] } | { only: readonly string[] }

/** The permissions of restricted keys; a key that is not listed may do everything. */
export type RestrictedKeys = Readonly<Record<string, KeyRestriction>>

const NAME = /^rak_\w+_(read|write)$/

/**
 * The restricted keys (`rk_test_…`) and their permissions. They are not kept in the data file. `rak_x_write` includes
 * `rak_x_read`; a key without `rak_x_read` has neither.
 */
export class ApiKeys {
  readonly #restrictions = new Map<string, KeyRestriction>()

  constructor(keys: RestrictedKeys = {}) {
    for (const [key, restriction] of Object.entries(keys)) this.restrict(key, restriction)
  }

  /** Sets what a key may do; replaces what was set before. Throws for another kind of key or a malformed name. */
  restrict(key: string, restriction: KeyRestriction): void {
    if (!key.startsWith('rk_test_')) {
      throw invalidRequest('A restricted key begins with rk_test_.', { param: 'key' })
    }
    const wrong = namesOf(restriction).find((name) => !NAME.test(name))
    if (wrong !== undefined) {
      throw invalidRequest(`'${wrong}' is not a permission, such as rak_customer_write.`)
    }
    this.#restrictions.set(key, restriction)
  }

  /** Lets a key do everything again. Returns false for a key without a restriction. */
  release(key: string): boolean {
    return this.#restrictions.delete(key)
  }

  /** Every restricted key with its permissions. */
  list(): RestrictedKeys {
    return Object.fromEntries(this.#restrictions)
  }

  /** Whether a key has a permission; a secret key has all. */
  permits(key: string, permission: string): boolean {
    const restriction = this.#restrictions.get(key)
    if (restriction === undefined) return true
    const [, resource = '', action = ''] = /^rak_(\w+)_(read|write)$/.exec(permission) ?? []
    if ('only' in restriction) {
      const wider = action === 'read' ? [`rak_${resource}_write`] : []
      return [permission, ...wider].some((name) => restriction.only.includes(name))
    }
    const needed = action === 'write' ? [`rak_${resource}_read`] : []
    return ![permission, ...needed].some((name) => restriction.without.includes(name))
  }
}

function namesOf(restriction: KeyRestriction): readonly string[] {
  return 'only' in restriction ? restriction.only : restriction.without
}

/** The 403 for a restricted key without a permission, in Stripe's words. */
export function permissionMissing(of: {
  key: string
  account: string
  permission: string
}): StripeError {
  const { key, account, permission } = of
  const shown = `${key.slice(0, 8)}${'*'.repeat(Math.max(0, key.length - 14))}${key.slice(Math.max(8, key.length - 6))}`
  return new StripeError(403, {
    type: 'invalid_request_error',
    code: 'more_permissions_required',
    message: `The provided key '${shown}' does not have the required permissions for this endpoint on account '${account}'. Having the '${permission}' permission would allow this request to continue.`,
  })
}
