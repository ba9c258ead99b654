/** What the server writes into index.html where `tollgate.config.ts` has a theme. */
function meta(name: string): string | null {
  return document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? null
}

/** Of the product whose pages these are. */
export const productName = meta('application-name') ?? 'Tollgate'

/** Where its logo is; null: our own mark. */
export const productLogo = meta('tollgate-logo')

/** Where people sign in to the product; null: here, with e-mail and password; empty: the product does not say. */
export const productSignIn = meta('tollgate-sign-in')
