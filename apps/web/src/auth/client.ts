import { inferAdditionalFields } from 'better-auth/client/plugins'
import { createAuthClient } from 'better-auth/react'

/** Sign-in at this origin's /api/auth. */
export const authClient = createAuthClient({
  plugins: [inferAdditionalFields({ user: { role: { type: 'string', input: false } } })],
})

export const { useSession } = authClient
