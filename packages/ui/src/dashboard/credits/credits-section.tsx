import { trpc } from '../../api/trpc.ts'
import { useCatalog } from '../../api/use-catalog.ts'
import { Section } from '../../components/card.tsx'
import { Grants } from './grants.tsx'
import { Packs } from './packs.tsx'

/** The customer's credits, and the packs on offer. Nothing where there is neither. */
export function CreditsSection() {
  const catalog = useCatalog()
  const subscription = trpc.billing.subscription.useQuery()
  const grants = trpc.billing.grants.useQuery()
  if (!catalog.data) return null
  const sells = catalog.data.packs.length > 0
  if (!sells && (grants.data ?? []).length === 0) return null
  return (
    <Section title="Credits" hint="Used once your plan’s quota is used up.">
      <Grants catalog={catalog.data} />
      {sells && (
        <Packs catalog={catalog.data} currency={subscription.data?.price.currency ?? null} />
      )}
    </Section>
  )
}
