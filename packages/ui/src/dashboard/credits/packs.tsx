import { isTemporary } from '../../api/errors.ts'
import { trpc } from '../../api/trpc.ts'
import type { Catalog } from '../../api/types.ts'
import { leaveFor, returnUrl, useRedirecting } from '../../api/use-redirect.ts'
import { Button } from '../../components/button.tsx'
import { Card } from '../../components/card.tsx'
import { ErrorNotice } from '../../components/notice.tsx'
import { formatCount } from '../../format/counts.ts'
import { formatPrice } from '../../format/money.ts'
import { unitOf } from '../../format/names.ts'

type Pack = Catalog['packs'][number]

interface PacksProps {
  catalog: Catalog
  /** That of the customer's subscription; null: there is none. */
  currency: string | null
}

/** The packs that can be bought, each with its price and how long its credits last. */
export function Packs({ catalog, currency }: PacksProps) {
  const buy = trpc.billing.buyPack.useMutation({ onSuccess: leaveFor })
  const opening = useRedirecting(buy)
  const chosen = buy.variables?.pack
  const choose = (pack: string) =>
    buy.mutate({
      pack,
      successUrl: returnUrl('checkout', 'pack'),
      cancelUrl: returnUrl('checkout', 'canceled'),
    })
  return (
    <>
      {buy.error && (
        <ErrorNotice
          error={buy.error}
          what="Checkout could not be opened"
          className="tg:mb-5"
          {...(chosen && isTemporary(buy.error) && { onRetry: () => choose(chosen) })}
        />
      )}
      <ul className="tg:grid tg:gap-3">
        {catalog.packs.map((pack) => (
          <li key={pack.id}>
            <PackCard
              catalog={catalog}
              pack={pack}
              currency={currency ?? catalog.defaultCurrency}
              onBuy={() => choose(pack.id)}
              opening={opening && chosen === pack.id}
              disabled={opening && chosen !== pack.id}
            />
          </li>
        ))}
      </ul>
    </>
  )
}

interface PackCardProps {
  catalog: Catalog
  pack: Pack
  currency: string
  onBuy: () => void
  opening: boolean
  disabled: boolean
}

function PackCard({ catalog, pack, currency, onBuy, opening, disabled }: PackCardProps) {
  const { name, meter, amount, expiresAfterDays, prices } = pack
  const price = prices.find((each) => each.currency === currency) ?? prices[0]
  return (
    <Card className="tg:flex tg:flex-wrap tg:items-center tg:justify-between tg:gap-x-6 tg:gap-y-3 tg:p-4">
      <div className="tg:min-w-0">
        <h3 className="tg:wrap-anywhere tg:font-semibold">{name}</h3>
        <p className="tg:mt-0.5 tg:text-muted-foreground tg:text-sm">
          {formatCount(amount)} {unitOf(catalog, meter, amount)}, {lasting(expiresAfterDays)}
        </p>
      </div>
      <Button
        aria-label={`Buy ${name}`}
        variant="soft"
        pending={opening}
        disabled={disabled}
        onClick={onBuy}
      >
        {opening
          ? 'Opening checkout…'
          : price
            ? `Buy for ${formatPrice(price.unitAmount, price.currency)}`
            : 'Buy'}
      </Button>
    </Card>
  )
}

function lasting(days: number | null): string {
  if (days === null) return 'without an end'
  return days === 1 ? 'for one day' : `for ${formatCount(days)} days`
}
