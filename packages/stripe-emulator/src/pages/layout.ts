import { Html, html } from './html.ts'
import { STYLE } from './style.ts'

/** A complete hosted page, marked as the local Stripe so that it is not mistaken for the real one. */
export function page(title: string, content: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<link rel="icon" href="data:,">
<title>${title} – local Stripe (test mode)</title>
<style>${new Html(STYLE)}</style>
</head>
<body>
<header class="mark">Test mode — local Stripe. No real card is charged here.</header>
<main>
${content}
</main>
</body>
</html>
`.text
}

/** An error message on a page. */
export function errorBox(message: string | null): Html {
  return message === null ? html`` : html`<p class="error" role="alert">${message}</p>`
}
