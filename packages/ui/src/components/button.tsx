import { cva, type VariantProps } from 'class-variance-authority'
import { LoaderCircle } from 'lucide-react'
import { Slot } from 'radix-ui'
import type { ComponentProps } from 'react'
import { cn } from './class-names.ts'

const looks = cva(
  [
    'tg:inline-flex tg:shrink-0 tg:select-none tg:items-center tg:justify-center tg:gap-2 tg:whitespace-nowrap tg:rounded-md tg:font-medium tg:text-sm',
    'tg:cursor-pointer tg:outline-none tg:transition-colors tg:focus-visible:ring-2 tg:focus-visible:ring-ring tg:focus-visible:ring-offset-2 tg:focus-visible:ring-offset-background',
    'tg:disabled:pointer-events-none tg:disabled:opacity-55 tg:aria-disabled:pointer-events-none tg:aria-disabled:opacity-55',
    'tg:[&_svg]:size-4 tg:[&_svg]:shrink-0',
  ],
  {
    variants: {
      variant: {
        primary: 'tg:bg-primary tg:text-primary-foreground tg:shadow-xs tg:hover:bg-primary/90',
        outline:
          'tg:border tg:border-border tg:bg-card tg:text-foreground tg:shadow-xs tg:hover:bg-muted',
        soft: 'tg:bg-accent/10 tg:text-accent tg:hover:bg-primary tg:hover:text-primary-foreground',
        ghost: 'tg:text-muted-foreground tg:hover:bg-muted tg:hover:text-foreground',
        destructive:
          'tg:border tg:border-destructive-fill/35 tg:bg-card tg:text-destructive tg:shadow-xs tg:hover:bg-destructive-fill/8',
      },
      size: {
        small: 'tg:h-8 tg:px-3',
        medium: 'tg:h-9 tg:px-4',
        large: 'tg:h-11 tg:px-5 tg:text-base',
        icon: 'tg:size-9',
      },
      /** For texts with a name in it, which may be of any length: they take as many lines as they need. */
      wrap: {
        true: 'tg:wrap-anywhere tg:h-auto tg:min-h-8 tg:max-w-full tg:whitespace-normal tg:py-1.5 tg:text-center',
      },
    },
    defaultVariants: { variant: 'primary', size: 'medium' },
  },
)

interface ButtonProps extends ComponentProps<'button'>, VariantProps<typeof looks> {
  /** Takes the look to the child, a link. */
  asChild?: boolean
  /** Busy: keeps its width and its place in the tab order, and does nothing when pressed. */
  pending?: boolean
}

/** A button, or with `asChild` a link that looks like one. */
export function Button({ asChild, pending = false, className, children, ...props }: ButtonProps) {
  const { variant, size, wrap, onClick, ...rest } = props
  const classes = cn(looks({ variant, size, wrap }), className)
  if (asChild) {
    return (
      <Slot.Root className={classes} {...rest}>
        {children}
      </Slot.Root>
    )
  }
  return (
    <button
      type="button"
      className={classes}
      aria-disabled={pending || undefined}
      aria-busy={pending || undefined}
      onClick={pending ? (event) => event.preventDefault() : onClick}
      {...rest}
    >
      {pending && <LoaderCircle aria-hidden className="tg:motion-safe:animate-spin" />}
      {children}
    </button>
  )
}
