import { Card, FullPage } from '@tollgate/ui'
import { useEffect, useState } from 'react'
import { link } from '../layout/link.ts'
import { productName } from '../product.ts'

interface Mail {
  id: number
  to: string
  subject: string
  text: string
  /** ISO 8601, UTC. */
  sentAt: string
}

const title = 'Outbox'

/** The mails of a server on one's own machine, which sends none. */
export function OutboxPage() {
  const mails = useMails()
  if (mails === undefined) return null
  if (mails === null) {
    return (
      <FullPage title="There is no outbox" text="This server sends its mails, or has none to send.">
        <title>{`${title} · ${productName}`}</title>
      </FullPage>
    )
  }
  return (
    <div className="tg:mx-auto tg:max-w-176">
      <title>{`${title} · ${productName}`}</title>
      <h1 className="tg:font-semibold tg:text-2xl tg:tracking-tight">{title}</h1>
      <p className="tg:mt-1 tg:text-muted-foreground tg:text-sm">
        No mail server is set up, so mails end here, until the server stops. Only this machine sees
        this page.
      </p>
      {mails.length === 0 && <p className="tg:mt-8">No mail yet.</p>}
      <ul className="tg:mt-6 tg:grid tg:gap-4">
        {mails.map((mail) => (
          <li key={mail.id}>
            <OneMail mail={mail} />
          </li>
        ))}
      </ul>
    </div>
  )
}

function OneMail({ mail: { to, subject, text, sentAt } }: { mail: Mail }) {
  return (
    <Card className="tg:p-5">
      <h2 className="tg:wrap-anywhere tg:font-medium">{subject}</h2>
      <p className="tg:wrap-anywhere tg:mt-0.5 tg:text-muted-foreground tg:text-sm">
        To {to}, <time dateTime={sentAt}>{new Date(sentAt).toLocaleString()}</time>
      </p>
      <div className="tg:wrap-anywhere tg:mt-4 tg:whitespace-pre-wrap tg:text-sm tg:leading-relaxed">
        {text.split(/(https?:\/\/\S+)/).map((part, index) =>
          index % 2 === 1 ? (
            <a key={part} href={part} className={link}>
              {part}
            </a>
          ) : (
            part
          ),
        )}
      </div>
    </Card>
  )
}

/** Undefined until they are known; null: there is no outbox. */
function useMails(): readonly Mail[] | null | undefined {
  const [mails, setMails] = useState<readonly Mail[] | null>()
  useEffect(() => {
    const controller = new AbortController()
    fetch('/api/outbox', { signal: controller.signal })
      .then(async (response) => (response.ok ? (await response.json()).mails : null))
      .then(setMails, () => undefined)
    return () => controller.abort()
  }, [])
  return mails
}
