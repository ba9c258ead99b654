import type { ReactNode } from 'react'
import { cn } from './class-names.ts'

interface RootProps {
  className?: string
  children: ReactNode
}

/** Carries our styles and keeps the host's out. Everything that we show is inside one. */
export function Root({ className, children }: RootProps) {
  return <div className={cn('tollgate', className)}>{children}</div>
}
