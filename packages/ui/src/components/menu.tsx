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
        'tg:z-50 tg:min-w-56 tg:rounded-lg tg:border tg:border-border tg:bg-popover tg:p-1.5 tg:text-foreground tg:shadow-lg tg:outline-none tg:motion-safe:animate-appear',
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
        'tg:flex tg:cursor-pointer tg:select-none tg:items-center tg:gap-2.5 tg:rounded-md tg:px-2.5 tg:py-2 tg:text-sm tg:outline-none tg:data-highlighted:bg-muted tg:[&_svg]:size-4 tg:[&_svg]:text-muted-foreground',
        className,
      )}
      {...props}
    />
  )
}

export function MenuSeparator() {
  return <Radix.Separator className="tg:-mx-1.5 tg:my-1.5 tg:h-px tg:bg-border" />
}
