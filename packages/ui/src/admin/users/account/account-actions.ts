import type { UserDetails } from '../../../api/types.ts'

export type AccountActionName = 'revokeAdmin' | 'ban' | 'unban' | 'signOut' | 'erase'

interface AccountActionText {
  /** On the button that asks, and on the one that does it. */
  button: string
  title: (email: string) => string
  description: string
}

export const accountActionTexts: Record<AccountActionName, AccountActionText> = {
  revokeAdmin: {
    button: 'Take admin role away',
    title: (email) => `Take the admin role from ${email}?`,
    description: 'They keep their account, and see no more than their own billing from now on.',
  },
  ban: {
    button: 'Ban',
    title: (email) => `Ban ${email}?`,
    description:
      'They are signed out at once and can’t sign in until you lift the ban. Their subscription goes on: cancel it at Stripe if it should not.',
  },
  unban: {
    button: 'Lift ban',
    title: (email) => `Lift the ban of ${email}?`,
    description: 'They can sign in again.',
  },
  signOut: {
    button: 'Sign out everywhere',
    title: (email) => `Sign ${email} out everywhere?`,
    description: 'Every session ends at once. They can sign in again.',
  },
  erase: {
    button: 'Erase',
    title: (email) => `Erase ${email}?`,
    description:
      'Their subscription is cancelled at Stripe now, without a refund. Then account, name and e-mail address are erased for good. Usage and invoices stay. This can’t be undone.',
  },
}

/** What an operator can do to somebody now. An admin is neither banned nor erased before the role is taken away. */
export function actionsFor({ account, erasedAt }: Pick<UserDetails, 'account' | 'erasedAt'>) {
  const actions: AccountActionName[] = []
  if (erasedAt !== null) return actions
  if (account === null) return ['erase'] satisfies AccountActionName[]
  if (account.sessions > 0) actions.push('signOut')
  if (account.role === 'admin') actions.push('revokeAdmin')
  else actions.push(account.bannedAt === null ? 'ban' : 'unban', 'erase')
  return actions
}
