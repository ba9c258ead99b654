import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { HostPage } from './host-page.tsx'

// `?styles=own` brings the host's own styles, `?without=tollgate` leaves us out of the page, our stylesheet too.
const params = new URLSearchParams(window.location.search)
const { HostBilling } =
  params.get('without') === 'tollgate'
    ? { HostBilling: () => null }
    : await import('./host-billing.tsx')
// The last stylesheet of the page, where it has most to say.
if (params.get('styles') === 'own') await import('./host.css')

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <HostPage>
        <HostBilling apiUrl={params.get('api') ?? ''} />
      </HostPage>
    </StrictMode>,
  )
}
