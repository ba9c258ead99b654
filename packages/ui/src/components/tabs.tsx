import { Tabs as Radix } from 'radix-ui'
import type { ComponentProps } from 'react'
import { cn } from './class-names.ts'

export const Tabs = Radix.Root

/** A row of tabs; several where one is wider than the page, so that each can be seen. */
export function TabsList({ className, ...props }: ComponentProps<typeof Radix.List>) {
  return (
    <Radix.List
      className={cn(
        'tg:flex tg:flex-wrap tg:gap-x-6 tg:gap-y-2 tg:border-border tg:border-b',
        className,
      )}
      {...props}
    />
  )
}

export function TabsTrigger({ className, ...props }: ComponentProps<typeof Radix.Trigger>) {
  return (
    <Radix.Trigger
      className={cn(
        'tg:-mb-px tg:cursor-pointer tg:whitespace-nowrap tg:rounded-t-sm tg:border-transparent tg:border-b-2 tg:px-0.5 tg:pt-1 tg:pb-3 tg:font-medium tg:text-muted-foreground tg:text-sm tg:outline-none tg:transition-colors',
        'tg:hover:text-foreground tg:focus-visible:ring-2 tg:focus-visible:ring-ring tg:data-[state=active]:border-accent tg:data-[state=active]:text-foreground',
        className,
      )}
      {...props}
    />
  )
}

export function TabsContent({ className, ...props }: ComponentProps<typeof Radix.Content>) {
  return (
    <Radix.Content
      className={cn(
        'tg:mt-8 tg:rounded-md tg:outline-none tg:focus-visible:ring-2 tg:focus-visible:ring-ring tg:focus-visible:ring-offset-8 tg:focus-visible:ring-offset-background',
        className,
      )}
      {...props}
    />
  )
}
