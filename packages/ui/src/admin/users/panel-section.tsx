import type { ReactNode } from 'react'
import { useId } from 'react'

/** A part of the customer's panel, found by its heading. */
export function PanelSection({ title, children }: { title: string; children: ReactNode }) {
  const id = useId()
  return (
    <section aria-labelledby={id}>
      <h3 id={id} className="tg:mb-3 tg:font-medium tg:text-sm">
        {title}
      </h3>
      {children}
    </section>
  )
}
