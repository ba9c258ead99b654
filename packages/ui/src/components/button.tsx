import { cva, type VariantProps } from 'class-variance-authority'
import { LoaderCircle } from 'lucide-react'
import { Slot } from 'radix-ui'
import type { ComponentProps } from 'react'
import { cn } from './class-names.ts'

const looks = cva(
  [
    'inline-flex shrink-0 select-none items-center justify-center gap-2 whitespace-nowrap rounded-md font-medium text-sm',
    'cursor-pointer outline-none transition-colors focus-visible:ring-2 focus-visible:ring-ring focus-visible:ring-offset-2 focus-visible:ring-offset-background',
    'disabled:pointer-events-none disabled:opacity-55 aria-disabled:pointer-events-none aria-disabled:opacity-55',
    '[&_svg]:size-4 [&_svg]:shrink-0',
  ],
  {
    variants: {
      variant: {
        primary: 'bg-primary text-primary-foreground shadow-xs hover:bg-primary/90',
        outline: 'border border-border bg-card text-foreground shadow-xs hover:bg-muted',
        soft: 'bg-accent/10 text-accent hover:bg-primary hover:text-primary-foreground',
        ghost: 'text-muted-foreground hover:bg-muted hover:text-foreground',
        destructive:
          'border border-destructive-fill/35 bg-card text-destructive shadow-xs hover:bg-destructive-fill/8',
      },
      size: {
        small: 'h-8 px-3',
        medium: 'h-9 px-4',
        large: 'h-11 px-5 text-[0.9375rem]',
        icon: 'size-9',
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
  const { variant, size, onClick, ...rest } = props
  const classes = cn(looks({ variant, size }), className)
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
      {pending && <LoaderCircle aria-hidden className="motion-safe:animate-spin" />}
      {children}
    </button>
  )
}
