import type { Tone } from '../components/badge.tsx'

/** How a status of Stripe's is shown. */
export interface StatusLook {
  name: string
  tone: Tone
}

/** The look of a status. One that is not listed is shown unchanged. */
export function lookOf(looks: Readonly<Record<string, StatusLook>>, status: string): StatusLook {
  const look = Object.hasOwn(looks, status) ? looks[status] : undefined
  return look ?? { name: status, tone: 'neutral' }
}
