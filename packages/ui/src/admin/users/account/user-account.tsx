import { useState } from 'react'
import type { UserDetails } from '../../../api/types.ts'
import { Badge } from '../../../components/badge.tsx'
import { Button } from '../../../components/button.tsx'
import { Notice } from '../../../components/notice.tsx'
import { formatInstant } from '../../../format/dates.ts'
import { PanelSection } from '../panel-section.tsx'
import { AccountActionDialog } from './account-action-dialog.tsx'
import { type AccountActionName, accountActionTexts, actionsFor } from './account-actions.ts'

/** How somebody signs in, and what an operator can do about it. */
export function UserAccount({ user }: { user: UserDetails }) {
  const [action, setAction] = useState<AccountActionName | null>(null)
  const actions = actionsFor(user)
  return (
    <PanelSection title="Account">
      <Facts user={user} />
      {actions.length > 0 && (
        <div className="tg:mt-4 tg:flex tg:flex-wrap tg:gap-3">
          {actions.map((each) => (
            <Button
              key={each}
              size="small"
              variant={each === 'erase' || each === 'ban' ? 'destructive' : 'outline'}
              onClick={() => setAction(each)}
            >
              {accountActionTexts[each].button}
            </Button>
          ))}
        </div>
      )}
      {action && (
        <AccountActionDialog
          action={action}
          user={{ userId: user.userId, email: user.email || user.userId }}
          onClose={() => setAction(null)}
        />
      )}
    </PanelSection>
  )
}

function Facts({ user: { account, erasedAt } }: { user: UserDetails }) {
  if (erasedAt !== null) {
    return (
      <Notice tone="neutral" title={`Erased on ${formatInstant(erasedAt)}`}>
        Usage and invoices stay under the user id.
      </Notice>
    )
  }
  if (account === null) {
    return (
      <p className="tg:text-muted-foreground tg:text-sm">
        Signs in elsewhere: in an app of yours, or at your product itself. Sign out and ban them
        there.
      </p>
    )
  }
  const { role, emailVerified, signInBy, sessions, bannedAt } = account
  return (
    <div className="tg:grid tg:gap-2.5 tg:text-sm">
      <p className="tg:flex tg:flex-wrap tg:gap-2">
        {role === 'admin' && <Badge tone="accent">Admin</Badge>}
        {bannedAt !== null && <Badge tone="danger">Banned</Badge>}
        <Badge tone={emailVerified ? 'success' : 'neutral'}>
          {emailVerified ? 'Address confirmed' : 'Address not confirmed'}
        </Badge>
      </p>
      <p className="tg:text-muted-foreground">
        {bannedAt !== null && `Banned since ${formatInstant(bannedAt)}. `}
        Signs in with {signInBy.join(' and ') || 'nothing'}; {sessions} open{' '}
        {sessions === 1 ? 'session' : 'sessions'}.
      </p>
    </div>
  )
}
