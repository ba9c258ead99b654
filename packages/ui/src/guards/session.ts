import { useCallback, useEffect, useState } from 'react'

/** Who is signed in, as far as a guard has to know. */
export interface Session {
  user: { email: string; role?: string | null | undefined }
}

/** A session on its way; what better-auth's `useSession()` returns fits. */
export interface SessionState {
  /** Null: nobody is signed in. */
  data: Session | null | undefined
  isPending: boolean
  error: { message?: string | undefined } | null
  refetch: () => unknown
}

const LOADING = { data: undefined, isPending: true, error: null }

/** Asks the server at `apiUrl` who is signed in. */
export function useSession(apiUrl: string): SessionState {
  const [state, setState] = useState<Omit<SessionState, 'refetch'>>(LOADING)
  const load = useCallback(
    async (signal?: AbortSignal) => {
      try {
        const data = await fetchSession(apiUrl, signal)
        setState({ data, isPending: false, error: null })
      } catch (error) {
        if (signal?.aborted) return
        const message = error instanceof Error ? error.message : undefined
        setState({ data: undefined, isPending: false, error: { message } })
      }
    },
    [apiUrl],
  )
  useEffect(() => {
    const leaving = new AbortController()
    void load(leaving.signal)
    return () => leaving.abort()
  }, [load])
  const refetch = () => {
    setState(LOADING)
    void load()
  }
  return { ...state, refetch }
}

async function fetchSession(apiUrl: string, signal?: AbortSignal): Promise<Session | null> {
  const response = await fetch(`${apiUrl.replace(/\/$/, '')}/api/auth/get-session`, {
    credentials: 'include',
    signal: signal ?? null,
  })
  if (!response.ok) throw new Error(`The server answered ${response.status}.`)
  const body: unknown = await response.json()
  return toSession(body)
}

/** The session in what better-auth answers; null for its null, and for whatever is no session. */
export function toSession(body: unknown): Session | null {
  if (!isObject(body) || !isObject(body['user'])) return null
  const { email, role } = body['user']
  if (typeof email !== 'string') return null
  return { user: { email, role: typeof role === 'string' ? role : null } }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
