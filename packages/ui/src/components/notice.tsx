import { CircleAlert, CircleCheck, Info, type LucideIcon, TriangleAlert, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { describeError } from '../api/errors.ts'
import type { ApiError } from '../api/types.ts'
import type { Tone } from './badge.tsx'
import { Button } from './button.tsx'
import { cn } from './class-names.ts'

const looks: Record<Tone, { icon: LucideIcon; classes: string; iconClasses: string }> = {
  neutral: {
    icon: Info,
    classes: 'border-border bg-card',
    iconClasses: 'text-muted-foreground',
  },
  accent: { icon: Info, classes: 'border-accent/25 bg-accent/6', iconClasses: 'text-accent' },
  success: {
    icon: CircleCheck,
    classes: 'border-success-fill/30 bg-success-fill/8',
    iconClasses: 'text-success',
  },
  warning: {
    icon: TriangleAlert,
    classes: 'border-warning-fill/35 bg-warning-fill/9',
    iconClasses: 'text-warning',
  },
  danger: {
    icon: CircleAlert,
    classes: 'border-destructive-fill/25 bg-destructive-fill/7',
    iconClasses: 'text-destructive',
  },
}

interface NoticeProps {
  tone: Tone
  title: string
  children?: ReactNode
  actions?: ReactNode
  onDismiss?: () => void
  className?: string
}

/** Something to know. Announced at once where it is bad news, else when there is time. */
export function Notice({ tone, title, children, actions, onDismiss, className }: NoticeProps) {
  const { icon: Icon, classes, iconClasses } = looks[tone]
  return (
    <div
      role={tone === 'danger' ? 'alert' : 'status'}
      className={cn(
        'flex gap-3 rounded-lg border p-4 text-sm motion-safe:animate-rise',
        classes,
        className,
      )}
    >
      <Icon aria-hidden className={cn('mt-0.5 size-4 shrink-0', iconClasses)} />
      <div className="flex min-w-0 flex-1 flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-[1_1_16rem]">
          <p className="font-medium text-foreground">{title}</p>
          {children && (
            <div className="wrap-break-word mt-0.5 text-muted-foreground">{children}</div>
          )}
        </div>
        {actions}
      </div>
      {onDismiss && (
        <button
          type="button"
          aria-label="Dismiss"
          onClick={onDismiss}
          className="-m-1 size-6 shrink-0 cursor-pointer rounded-sm p-1 text-muted-foreground outline-none hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring"
        >
          <X aria-hidden className="size-4" />
        </button>
      )}
    </div>
  )
}

interface ErrorNoticeProps {
  error: ApiError
  /** What could not be had or done, where the error alone doesn't say. */
  what?: string
  /** What else can be done about it. */
  children?: ReactNode
  onRetry?: () => void
  retrying?: boolean
  className?: string
}

/** A failed call, in words for people, with a way to try again. */
export function ErrorNotice({ error, what, children, ...rest }: ErrorNoticeProps) {
  const { onRetry, retrying, className } = rest
  const { title, message } = describeError(error)
  const retry = onRetry && (
    <Button variant="outline" size="small" pending={retrying ?? false} onClick={onRetry}>
      Try again
    </Button>
  )
  return (
    <Notice
      tone="danger"
      title={what ?? title ?? 'That didn’t work'}
      actions={retry}
      {...(className !== undefined && { className })}
    >
      {what && title ? `${title}. ${message}` : message} {children}
    </Notice>
  )
}
