import type { ComponentProps, ReactNode } from 'react'
import { useId } from 'react'
import { cn } from './class-names.ts'

export function Card({ className, ...props }: ComponentProps<'div'>) {
  return (
    <div
      className={cn(
        'min-w-0 rounded-lg border border-border bg-card text-card-foreground shadow-xs',
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
    <section aria-labelledby={id} className={cn('min-w-0', className)}>
      <div className="mb-4 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <h2 id={id} className="font-semibold text-lg tracking-tight">
            {title}
          </h2>
          {hint && <div className="mt-0.5 text-muted-foreground text-sm">{hint}</div>}
        </div>
        {actions}
      </div>
      {children}
    </section>
  )
}
