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
    classes: 'tg:border-border tg:bg-card',
    iconClasses: 'tg:text-muted-foreground',
  },
  accent: {
    icon: Info,
    classes: 'tg:border-accent/25 tg:bg-accent/6',
    iconClasses: 'tg:text-accent',
  },
  success: {
    icon: CircleCheck,
    classes: 'tg:border-success-fill/30 tg:bg-success-fill/8',
    iconClasses: 'tg:text-success',
  },
  warning: {
    icon: TriangleAlert,
    classes: 'tg:border-warning-fill/35 tg:bg-warning-fill/9',
    iconClasses: 'tg:text-warning',
  },
  danger: {
    icon: CircleAlert,
    classes: 'tg:border-destructive-fill/25 tg:bg-destructive-fill/7',
    iconClasses: 'tg:text-destructive',
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
        'tg:flex tg:gap-3 tg:rounded-lg tg:border tg:p-4 tg:text-sm tg:motion-safe:animate-rise',
        classes,
        className,
      )}
    >
      <Icon aria-hidden className={cn('tg:mt-0.5 tg:size-4 tg:shrink-0', iconClasses)} />
      <div className="tg:flex tg:min-w-0 tg:flex-1 tg:flex-wrap tg:items-center tg:justify-between tg:gap-x-6 tg:gap-y-3">
        <div className="tg:min-w-0 tg:flex-[1_1_--spacing(64)]">
          <p className="tg:font-medium tg:text-foreground">{title}</p>
          {children && (
            <div className="tg:wrap-break-word tg:mt-0.5 tg:text-muted-foreground">{children}</div>
          )}
        </div>
        {actions}
      </div>
      {onDismiss && (
        <button
          type="button"
          aria-label="Dismiss"
          onClick={onDismiss}
          className="tg:-m-1 tg:size-6 tg:shrink-0 tg:cursor-pointer tg:rounded-sm tg:p-1 tg:text-muted-foreground tg:outline-none tg:hover:text-foreground tg:focus-visible:ring-2 tg:focus-visible:ring-ring"
        >
          <X aria-hidden className="tg:size-4" />
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
