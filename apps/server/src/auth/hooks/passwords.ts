import { dictionary } from '@zxcvbn-ts/language-common'

/** The server's rule; the pages say it too. */
export const MIN_PASSWORD_LENGTH = 8
export const MAX_PASSWORD_LENGTH = 128

/** Some 45 000 passwords that leaked most often, in lower case. */
const common = new Set(dictionary['passwords-common'].map((password) => String(password)))

/** Why a password is refused, in words for its owner; null: it may be used. Its length is better-auth's to check. */
export function whyWeak(
  password: string,
  { email, name }: { email?: string | undefined; name?: string | undefined },
): string | null {
  const text = password.normalize('NFKC').toLowerCase()
  if (common.has(text) || isRepetition(text)) {
    return 'This password is one of the most common. Choose another, for example four words that do not belong together.'
  }
  const own = [email, email?.split('@')[0], name].map((each) => each?.toLowerCase())
  if (own.includes(text)) return 'This password is your own name or address. Choose another.'
  return null
}

/** One short piece again and again: aaaaaaaa, 12121212, passwordpassword. */
function isRepetition(text: string): boolean {
  const piece = /^(.+?)\1+$/su.exec(text)?.[1]
  return piece !== undefined && (piece.length <= 3 || common.has(piece))
}
