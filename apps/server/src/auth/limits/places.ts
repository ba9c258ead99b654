import type { Pool } from './attempts.ts'

/** How long an address is remembered after the last sign-in from it. */
const REMEMBERED_DAYS = 180

/** Whether the account of an e-mail address has signed in from there before. */
export async function isKnownPlace(
  db: Pool,
  { email, address }: { email: string; address: string },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `SELECT FROM auth_places p JOIN auth_users u ON u.id = p.user_id
     WHERE u.email = $1 AND p.address = $2`,
    [email, address],
  )
  return rowCount !== 0
}

/** Notes that an account has signed in from there, or has shown by a mail that it is them. */
export async function notePlace(
  db: Pool,
  { userId, address, now }: { userId: string; address: string; now: Date },
): Promise<void> {
  await db.query(
    `WITH old AS (
       DELETE FROM auth_places WHERE user_id = $1 AND address <> $2
         AND last_sign_in_at < $3::timestamptz - make_interval(days => ${REMEMBERED_DAYS}))
     INSERT INTO auth_places (user_id, address, last_sign_in_at)
     SELECT id, $2, $3 FROM auth_users WHERE id = $1
     ON CONFLICT (user_id, address) DO UPDATE SET last_sign_in_at = EXCLUDED.last_sign_in_at`,
    [userId, address, now],
  )
}
