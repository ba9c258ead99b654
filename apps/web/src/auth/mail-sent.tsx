import { Link } from '@tanstack/react-router'
import { Notice } from '@tollgate/ui'
import type { ReactNode } from 'react'
import { link } from '../layout/link.ts'
import { useSignInFacts } from './sign-in-facts.ts'

/** Says that a mail is on its way, and on somebody's own machine where to read it. */
export function MailSent({ children }: { children: ReactNode }) {
  const facts = useSignInFacts()
  return (
    <Notice tone="success" title="Look at your mail">
      {children}
      {facts?.mail === 'outbox' && (
        <>
          {' '}
          This server keeps its mails:{' '}
          <Link to="/outbox" className={link}>
            open the outbox
          </Link>
          .
        </>
      )}
    </Notice>
  )
}

/** Says it where nothing can be mailed. */
export function NoMail({ what }: { what: string }) {
  return (
    <Notice tone="warning" title="This server can’t send mail">
      {what} Ask whoever runs it.
    </Notice>
  )
}
