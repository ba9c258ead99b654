import { cva } from 'class-variance-authority'
import type { ReactNode } from 'react'
import { cn } from './class-names.ts'

/** What a state means for who reads it; never shown by colour alone. */
export type Tone = 'neutral' | 'success' | 'warning' | 'danger' | 'accent'

const looks = cva(
  'inline-flex h-5.5 items-center gap-1.5 whitespace-nowrap rounded-full px-2.5 font-medium text-xs',
  {
    variants: {
      tone: {
        neutral: 'bg-muted text-muted-foreground',
        success: 'bg-success-fill/12 text-success',
        warning: 'bg-warning-fill/14 text-warning',
        danger: 'bg-destructive-fill/10 text-destructive',
        accent: 'bg-accent/10 text-accent',
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
      {dot && <span aria-hidden className="size-1.5 rounded-full bg-current" />}
      {children}
    </span>
  )
}
