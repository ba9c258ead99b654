/** The routes of better-auth that this server has. Any other of its routes is 404. */
const routes: Readonly<Record<'GET' | 'POST', readonly string[]>> = {
  GET: ['/get-session', '/list-sessions', '/ok', '/verify-email'],
  POST: [
    '/change-email',
    '/change-password',
    '/delete-user',
    '/request-password-reset',
    '/reset-password',
    '/revoke-other-sessions',
    '/revoke-session',
    '/revoke-sessions',
    '/send-verification-email',
    '/sign-in/email',
    '/sign-out',
    '/sign-up/email',
    '/update-user',
    '/verify-password',
  ],
}

/** Whether this server has a route; `path` is what follows /api/auth. */
export function hasAuthRoute(method: string, path: string): boolean {
  return (method === 'GET' || method === 'POST') && routes[method].includes(path)
}
