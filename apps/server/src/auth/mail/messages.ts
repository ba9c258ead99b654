import type { Mail } from './mailer.ts'

export interface Sender {
  /** As its pages call it. */
  product: string
  appUrl: string
}

type Text = Omit<Mail, 'to'>

/** The mails that this product sends. Plain text; a link leads to a page of the app, which asks before it acts. */
export function messagesOf({ product, appUrl }: Sender) {
  const link = (path: string, token: string) =>
    `${appUrl}${path}?token=${encodeURIComponent(token)}`
  const mail = (subject: string, ...paragraphs: string[]): Text => ({
    subject: `${product}: ${subject}`,
    text: `${paragraphs.join('\n\n')}\n`,
  })
  return {
    resetPassword: (token: string) =>
      mail(
        'choose a new password',
        'You, or somebody else, asked for a new password. Choose it here within one hour:',
        link('/reset-password', token),
        'It ends every session of your account. Was it not you? Then do nothing: your password stays.',
      ),
    verifyEmail: (token: string) =>
      mail(
        'confirm your e-mail address',
        'Confirm that this address is yours, within one hour:',
        link('/verify-email', token),
        `Did you not ask for it? Then do nothing.`,
      ),
    passwordChanged: () =>
      mail(
        'your password was changed',
        'The password of your account was changed, and every other session was ended.',
        `Was it not you? Choose a new one: ${appUrl}/forgot-password`,
      ),
    emailChangeAsked: (newEmail: string) =>
      mail(
        'your e-mail address is about to change',
        `Somebody who knows your password asked to change the address of your account to ${newEmail}.`,
        `Was it not you? Change your password: ${appUrl}/account`,
      ),
    accountDeleted: () =>
      mail(
        'your account was deleted',
        'Your account was deleted. A subscription, if there was one, has ended.',
      ),
  }
}

export type Messages = ReturnType<typeof messagesOf>
