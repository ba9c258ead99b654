import type { Catalog, Overview } from '../../api/types.ts'
import { Card, Section } from '../../components/card.tsx'
import { formatCompact, formatCount } from '../../format/counts.ts'
import { formatMonth } from '../../format/dates.ts'
import { meterName } from '../../format/names.ts'

interface TotalUsageProps {
  catalog: Catalog
  usage: Overview['usage']
}

/** What all customers together have used of each meter this month. */
export function TotalUsage({ catalog, usage }: TotalUsageProps) {
  return (
    <Section title="Usage" hint={`All customers, ${formatMonth(`${usage.period}-01`)}`}>
      <Card>
        <dl className="tg:grid tg:grid-cols-[repeat(auto-fill,minmax(min(100%,--spacing(48)),1fr))] tg:gap-x-6 tg:gap-y-4 tg:p-5">
          {usage.meters.map(({ meter, used }) => (
            <div key={meter} className="tg:flex tg:min-w-0 tg:flex-col">
              <dt className="tg:wrap-anywhere tg:text-muted-foreground tg:text-sm">
                {meterName(catalog, meter)}
              </dt>
              <dd
                title={formatCount(used)}
                className="tg:mt-auto tg:font-semibold tg:text-lg tg:tabular-nums tg:tracking-tight"
              >
                {formatCompact(used)}
              </dd>
            </div>
          ))}
        </dl>
      </Card>
    </Section>
  )
}
