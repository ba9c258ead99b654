import { Button } from '@tollgate/ui'
import { useCallback, useEffect, useState } from 'react'
import { authClient } from '../../auth/client.ts'
import type { FormFailure } from '../../auth/use-form.ts'
import { browserName } from './browser-name.ts'
import { Failure, Panel } from './panel.tsx'

interface SessionLine {
  id: string
  token: string
  userAgent?: string | null | undefined
  ipAddress?: string | null | undefined
  createdAt: Date
}

type Result = Promise<{ error: FormFailure | null }>

interface SessionsPanelProps {
  /** The token of this browser's session. It changes with the password. */
  current: string
}

/** Where the account is signed in. Each session can be ended, or all but this one. */
export function SessionsPanel({ current }: SessionsPanelProps) {
  const { sessions, failure, run } = useSessions(current)
  const others = sessions.filter(({ token }) => token !== current)
  return (
    <Panel title="Sessions" hint="Where you are signed in.">
      <Failure title="The sessions could not be changed" failure={failure} />
      <ul className="tg:grid tg:divide-y tg:divide-border">
        {sessions.map(({ id, token, userAgent, ipAddress, createdAt }) => (
          <li
            key={id}
            className="tg:flex tg:flex-wrap tg:items-center tg:gap-3 tg:py-3 tg:first:pt-0"
          >
            <div className="tg:min-w-0 tg:flex-1 tg:text-sm">
              <p className="tg:font-medium">
                {browserName(userAgent)}
                {token === current && ' (this browser)'}
              </p>
              <p className="tg:wrap-anywhere tg:text-muted-foreground">
                {ipAddress ? `${ipAddress}, since ` : 'Since '}
                {createdAt.toLocaleString()}
              </p>
            </div>
            {token !== current && (
              <Button
                size="small"
                variant="outline"
                aria-label={`Sign out ${browserName(userAgent)}`}
                onClick={() => run(() => authClient.revokeSession({ token }))}
              >
                Sign out
              </Button>
            )}
          </li>
        ))}
      </ul>
      {others.length > 0 && (
        <Button
          variant="outline"
          className="tg:justify-self-start"
          onClick={() => run(() => authClient.revokeOtherSessions())}
        >
          Sign out everywhere else
        </Button>
      )}
    </Panel>
  )
}

function useSessions(current: string) {
  const [sessions, setSessions] = useState<readonly SessionLine[]>([])
  const [failure, setFailure] = useState<FormFailure | null>(null)
  const load = useCallback(async () => {
    const { data, error } = await authClient.listSessions()
    if (data) setSessions(data)
    setFailure(error)
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another session of this browser, another list
  useEffect(() => void load(), [load, current])
  const run = (change: () => Result) => {
    void change().then(({ error }) => (error ? setFailure(error) : load()))
  }
  return { sessions, failure, run }
}
