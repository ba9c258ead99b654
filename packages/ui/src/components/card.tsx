import type { ComponentProps, ReactNode } from 'react'
import { useId } from 'react'
import { cn } from './class-names.ts'

export function Card({ className, ...props }: ComponentProps<'div'>) {
  return (
    <div
      className={cn(
        'tg:min-w-0 tg:rounded-lg tg:border tg:border-border tg:bg-card tg:text-foreground tg:shadow-xs',
        className,
      )}
      {...props}
    />
  )
}

interface SectionProps {
  title: string
  /** Under the title. */
  hint?: ReactNode
  /** Beside the title. */
  actions?: ReactNode
  className?: string
  children: ReactNode
}

/** A part of a page, found by its heading. */
export function Section({ title, hint, actions, className, children }: SectionProps) {
  const id = useId()
  return (
    <section aria-labelledby={id} className={cn('tg:min-w-0', className)}>
      <div className="tg:mb-4 tg:flex tg:flex-wrap tg:items-end tg:justify-between tg:gap-x-6 tg:gap-y-3">
        <div className="tg:min-w-0">
          <h2 id={id} className="tg:font-semibold tg:text-lg tg:tracking-tight">
            {title}
          </h2>
          {hint && <div className="tg:mt-0.5 tg:text-muted-foreground tg:text-sm">{hint}</div>}
        </div>
        {actions}
      </div>
      {children}
    </section>
  )
}
