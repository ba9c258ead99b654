import { cva } from 'class-variance-authority'
import type { ReactNode } from 'react'
import { cn } from './class-names.ts'

/** What a state means for who reads it; never shown by colour alone. */
export type Tone = 'neutral' | 'success' | 'warning' | 'danger' | 'accent'

const looks = cva(
  'tg:inline-flex tg:h-5.5 tg:items-center tg:gap-1.5 tg:whitespace-nowrap tg:rounded-full tg:px-2.5 tg:font-medium tg:text-xs',
  {
    variants: {
      tone: {
        neutral: 'tg:bg-muted tg:text-muted-foreground',
        success: 'tg:bg-success-fill/12 tg:text-success',
        warning: 'tg:bg-warning-fill/14 tg:text-warning',
        danger: 'tg:bg-destructive-fill/10 tg:text-destructive',
        accent: 'tg:bg-accent/10 tg:text-accent',
      },
    },
  },
)

interface BadgeProps {
  tone: Tone
  dot?: boolean
  className?: string
  children: ReactNode
}

export function Badge({ tone, dot = false, className, children }: BadgeProps) {
  return (
    <span className={cn(looks({ tone }), className)}>
      {dot && <span aria-hidden className="tg:size-1.5 tg:rounded-full tg:bg-current" />}
      {children}
    </span>
  )
}
