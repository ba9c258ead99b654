import { cn } from './class-names.ts'

/** A placeholder of the same size as the content, so that nothing moves when that has loaded. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span
      aria-hidden
      className={cn('tg:block tg:rounded-md tg:bg-muted tg:motion-safe:animate-pulse', className)}
    />
  )
}

/** Tells screen readers that something is loading. */
export function Loading({ what }: { what: string }) {
  return (
    <span role="status" className="tg:sr-only">
      Loading {what}…
    </span>
  )
}
