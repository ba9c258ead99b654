import type { Context } from '@tollgate/core'
import { grantAdmin } from '@tollgate/core'
import type { Auth } from './auth.ts'

/** Never to be a real address: `.test` is reserved (RFC 2606). */
export const demoEmails = { customer: 'demo@tollgate.test', admin: 'admin@tollgate.test' } as const

export interface DemoPasswords {
  customerPassword: string
  adminPassword: string
}

/**
 * Makes the demo customer and the demo admin, or finds them, and gives them these passwords. They are marked,
 * so that production refuses to start beside them. Throws when somebody real has one of the addresses.
 */
export async function prepareDemoAccounts(
  { core, auth }: { core: Context; auth: Auth },
  { customerPassword, adminPassword }: DemoPasswords,
): Promise<{ customerEmail: string; adminEmail: string }> {
  const customer = { email: demoEmails.customer, name: 'Demo Customer', password: customerPassword }
  const admin = { email: demoEmails.admin, name: 'Demo Admin', password: adminPassword }
  await prepare(auth, customer)
  const userId = await prepare(auth, admin)
  await grantAdmin(core, { userId, grantedBy: { kind: 'command', id: 'demo' } })
  return { customerEmail: customer.email, adminEmail: admin.email }
}

async function prepare(
  auth: Auth,
  { email, name, password }: { email: string; name: string; password: string },
): Promise<string> {
  const { internalAdapter, password: passwords } = await auth.$context
  const found = await internalAdapter.findUserByEmail(email, { includeAccounts: true })
  if (found && !('demo' in found.user && found.user.demo === true)) {
    throw new Error(`${email} is somebody's own account: this database is not for a demo`)
  }
  const stored = found?.accounts.find(({ providerId }) => providerId === 'credential')?.password
  if (found && stored) {
    // Written anew, it would end the sessions that the start before has left.
    const same = await passwords.verify({ hash: stored, password })
    if (!same) await internalAdapter.updatePassword(found.user.id, await passwords.hash(password))
    return found.user.id
  }
  const account = { email, name, emailVerified: true, demo: true }
  const user =
    found?.user ?? (await internalAdapter.createUser(account, { method: 'email-password' }))
  await internalAdapter.linkAccount({
    userId: user.id,
    accountId: user.id,
    providerId: 'credential',
    password: await passwords.hash(password),
  })
  return user.id
}

/** Whether this database was once filled for a demo. */
export async function hasDemoAccounts({ db }: Context): Promise<boolean> {
  const { rows } = await db.pool.query<{ found: boolean }>(
    'SELECT EXISTS (SELECT FROM auth_users WHERE demo) AS found',
  )
  return rows[0]?.found === true
}
