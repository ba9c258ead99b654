import { cn } from './class-names.ts'

/** Stands where something will be, with its size, so that nothing moves when it comes. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span
      aria-hidden
      className={cn('tg:block tg:rounded-md tg:bg-muted tg:motion-safe:animate-pulse', className)}
    />
  )
}

/** Tells a screen reader what the skeletons show to others. */
export function Loading({ what }: { what: string }) {
  return (
    <span role="status" className="tg:sr-only">
      Loading {what}…
    </span>
  )
}
