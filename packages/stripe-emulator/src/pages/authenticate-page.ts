import type { Html } from './html.ts'
import { html } from './html.ts'
import { page } from './layout.ts'

/** The page of the 3-D Secure step, in place of the bank's. It posts `result=complete|fail` to `action`. */
export function authenticatePage(action: string, amount: string | null): string {
  const what: Html =
    amount === null ? html`your card` : html`a payment of <strong>${amount}</strong>`
  return page(
    '3-D Secure',
    html`<section class="card" style="max-width: 460px; margin: 24px auto;">
<h1>3-D Secure 2 test page</h1>
<p>Your bank asks you to confirm ${what}. Choose what happens.</p>
<form method="post" action="${action}">
<div class="actions">
<button class="main" name="result" value="complete">Complete authentication</button>
<button class="bad" name="result" value="fail">Fail authentication</button>
</div>
</form>
</section>`,
  )
}

/** The page after a 3-D Secure step without a return URL. */
export function authenticatedPage(passed: boolean): string {
  return page(
    '3-D Secure',
    html`<section class="card"><h1>${passed ? 'Authentication complete' : 'Authentication failed'}</h1>
<p>You can close this page.</p></section>`,
  )
}
