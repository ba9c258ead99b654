import type pg from 'pg'
import type { Account, AccountName } from './account.ts'

/** Null where nobody signs in under that id or address. */
export async function readAccount(
  db: pg.Pool | pg.ClientBase,
  name: AccountName,
  now: Date,
): Promise<Account | null> {
  const { rows } = await db.query<{
    userId: string
    email: string
    emailVerified: boolean
    isAdmin: boolean
    createdAt: Date
    bannedAt: Date | null
    providers: string[]
    sessions: number
  }>(
    `SELECT id AS "userId", email, email_verified AS "emailVerified", role = 'admin' AS "isAdmin",
       created_at AS "createdAt", banned_at AS "bannedAt",
       ARRAY(SELECT provider_id FROM auth_accounts WHERE user_id = u.id ORDER BY 1) AS providers,
       (SELECT count(*)::int FROM auth_sessions WHERE user_id = u.id AND expires_at > $3) AS sessions
     FROM auth_users u WHERE id = $1 OR email = lower($2)`,
    ['userId' in name ? name.userId : null, 'email' in name ? name.email : null, now],
  )
  const [row] = rows
  if (!row) return null
  const { isAdmin, createdAt, bannedAt, providers, ...account } = row
  return {
    ...account,
    role: isAdmin ? 'admin' : 'customer',
    createdAt: createdAt.toISOString(),
    bannedAt: bannedAt?.toISOString() ?? null,
    signInBy: providers.map((provider) => (provider === 'credential' ? 'password' : provider)),
  }
}

/** Locks an account until the transaction ends, so that it can be decided on. Null where there is none. */
export async function lockAccount(
  tx: pg.ClientBase,
  userId: string,
): Promise<{ isAdmin: boolean; isBanned: boolean; isVerified: boolean } | null> {
  const { rows } = await tx.query<{ isAdmin: boolean; isBanned: boolean; isVerified: boolean }>(
    `SELECT role = 'admin' AS "isAdmin", banned_at IS NOT NULL AS "isBanned", email_verified AS "isVerified"
     FROM auth_users WHERE id = $1 FOR UPDATE`,
    [userId],
  )
  return rows[0] ?? null
}

/** Locks every admin's account, in order of id: two who take each other's role away wait for one another. */
export async function lockAdmins(tx: pg.ClientBase): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `SELECT id FROM auth_users WHERE role = 'admin' ORDER BY id FOR UPDATE`,
  )
  return rows.map(({ id }) => id)
}

export async function writeRole(
  tx: pg.ClientBase,
  userId: string,
  role: 'customer' | 'admin',
): Promise<void> {
  await tx.query('UPDATE auth_users SET role = $2 WHERE id = $1', [userId, role])
}

/** Bans an account, which ends its sessions, or lifts the ban. */
export async function writeBan(
  tx: pg.ClientBase,
  userId: string,
  bannedAt: Date | null,
): Promise<void> {
  await tx.query('UPDATE auth_users SET banned_at = $2 WHERE id = $1', [userId, bannedAt])
}

/** Returns how many there were. */
export async function deleteSessions(tx: pg.ClientBase, userId: string): Promise<number> {
  const { rowCount } = await tx.query('DELETE FROM auth_sessions WHERE user_id = $1', [userId])
  return rowCount ?? 0
}

/**
 * Deletes a user's sign-in account, with its sessions, passwords and open links, and clears name and address of the
 * billing subject. False where they were cleared before.
 */
export async function writeErased(
  tx: pg.ClientBase,
  { userId, now }: { userId: string; now: Date },
): Promise<boolean> {
  await tx.query('DELETE FROM auth_verifications WHERE value = $1', [userId])
  const { rowCount } = await tx.query(
    `UPDATE users SET email = '', name = NULL, stripe_details = NULL, updated_at = $2, erased_at = $2
     WHERE id = $1 AND erased_at IS NULL`,
    [userId, now],
  )
  await tx.query('DELETE FROM auth_users WHERE id = $1', [userId])
  return rowCount === 1
}
