import { DropdownMenu as Radix } from 'radix-ui'
import type { ComponentProps, ReactNode } from 'react'
import { cn } from './class-names.ts'

/** A menu that leaves the rest of the page as it is: it scrolls, and can be read, while the menu is open. */
export function Menu({ children }: { children: ReactNode }) {
  return <Radix.Root modal={false}>{children}</Radix.Root>
}

export const MenuTrigger = Radix.Trigger

/** Stays where its trigger is in the document, so that it belongs to the same landmark. */
export function MenuContent({ className, ...props }: ComponentProps<typeof Radix.Content>) {
  return (
    <Radix.Content
      align="end"
      sideOffset={8}
      className={cn(
        'z-50 min-w-56 rounded-lg border border-border bg-popover p-1.5 text-popover-foreground shadow-lg outline-none motion-safe:animate-appear',
        className,
      )}
      {...props}
    />
  )
}

export function MenuItem({ className, ...props }: ComponentProps<typeof Radix.Item>) {
  return (
    <Radix.Item
      className={cn(
        'flex cursor-pointer select-none items-center gap-2.5 rounded-md px-2.5 py-2 text-sm outline-none data-highlighted:bg-muted [&_svg]:size-4 [&_svg]:text-muted-foreground',
        className,
      )}
      {...props}
    />
  )
}

export function MenuSeparator() {
  return <Radix.Separator className="-mx-1.5 my-1.5 h-px bg-border" />
}
