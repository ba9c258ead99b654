import type { UserDetails } from '../../api/types.ts'
import { formatCount } from '../../format/counts.ts'
import { formatMonth } from '../../format/dates.ts'
import { PanelSection } from './panel-section.tsx'

/** Usage by month of meters that are no longer in the catalogue, which are shown by their ids. */
export function FormerUsage({ usage }: { usage: UserDetails['formerUsage'] }) {
  return (
    <PanelSection title="Former meters">
      <ul className="tg:divide-y tg:divide-border tg:rounded-lg tg:border tg:border-border">
        {usage.map(({ meter, period, used }) => (
          <li
            key={`${meter} ${period}`}
            className="tg:flex tg:flex-wrap tg:justify-between tg:gap-x-4 tg:px-4 tg:py-3 tg:text-sm"
          >
            <span className="tg:wrap-anywhere">
              <span className="tg:tabular-nums">{formatCount(used)}</span> {meter}
            </span>
            <span className="tg:text-muted-foreground">{formatMonth(`${period}-01`)}</span>
          </li>
        ))}
      </ul>
    </PanelSection>
  )
}
