import type { Theme } from '../config/theme.ts'

export const LOGO_PATH = '/logo'

/** What a deployment's pages have of its own. */
export interface Look extends Theme {
  signInUrl?: string | undefined
}

/** index.html with the product's name, logo, colours and sign-in. The pages read them from the `meta` elements. */
export function withLook(html: string, { name, logo, colours, signInUrl }: Look): string {
  const head = [
    ...(name === undefined ? [] : [meta('application-name', name)]),
    ...(logo === undefined ? [] : [meta('tollgate-logo', LOGO_PATH), icon(logo.type)]),
    ...(signInUrl === undefined ? [] : [meta('tollgate-sign-in', signInUrl)]),
    ...(colours === undefined ? [] : [style(colours)]),
  ]
  const named =
    name === undefined
      ? html
      : html.replace(/<title>.*?<\/title>/, () => `<title>${escapeHtml(name)}</title>`)
  const bare = logo === undefined ? named : named.replace(/<link rel="icon"[^>]*>/, '')
  return bare.replace('</head>', () => `${head.join('')}</head>`)
}

function meta(name: string, content: string): string {
  return `<meta name="${name}" content="${escapeHtml(content)}" />`
}

function icon(type: string): string {
  return `<link rel="icon" href="${LOGO_PATH}" type="${type}" />`
}

/** The variables that a host of the dashboards sets. */
function style({ accent, accentText }: NonNullable<Theme['colours']>): string {
  const variables = [
    ...(accent === undefined ? [] : [`--tollgate-accent: ${accent}`]),
    ...(accentText === undefined ? [] : [`--tollgate-accent-foreground: ${accentText}`]),
  ]
  return `<style>:root { ${variables.join('; ')} }</style>`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}
