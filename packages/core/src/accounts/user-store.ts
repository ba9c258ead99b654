import type pg from 'pg'
import { userNotFound } from '../errors.ts'

/** Writes a billing subject; false where the id is a sign-in account's, or of somebody who was erased. A name that is left out stays as it was. */
export async function writeSubject(
  db: pg.Pool | pg.ClientBase,
  user: { userId: string; email: string; name: string | undefined; now: Date },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `INSERT INTO users AS u (id, kind, email, name, created_at, updated_at)
     VALUES ($1, 'subject', $2, $3, $4, $4)
     ON CONFLICT (id) DO UPDATE
     SET email = EXCLUDED.email, name = coalesce(EXCLUDED.name, u.name), updated_at = EXCLUDED.updated_at
     WHERE u.kind = 'subject' AND u.erased_at IS NULL`,
    [user.userId, user.email, user.name ?? null, user.now],
  )
  return rowCount === 1
}

/** E-mail address and name of a user; null for an unknown one. */
export async function readContact(
  db: pg.Pool | pg.ClientBase,
  userId: string,
): Promise<{ email: string; name: string | null } | null> {
  const { rows } = await db.query<{ email: string; name: string | null }>(
    'SELECT email, name FROM users WHERE id = $1',
    [userId],
  )
  return rows[0] ?? null
}

/** 'account' where somebody signs in under this id, 'subject' of others; null for an unknown one. */
export async function readKind(
  db: pg.Pool | pg.ClientBase,
  userId: string,
): Promise<string | null> {
  const { rows } = await db.query<{ kind: string }>('SELECT kind FROM users WHERE id = $1', [
    userId,
  ])
  return rows[0]?.kind ?? null
}

/** Throws USER_NOT_FOUND for an id that nobody ever had. Somebody who was erased still has what was stored of them. */
export async function requireUser(db: pg.Pool | pg.ClientBase, userId: string): Promise<void> {
  const { rowCount } = await db.query('SELECT FROM users WHERE id = $1', [userId])
  if (rowCount === 0) throw userNotFound(userId)
}
