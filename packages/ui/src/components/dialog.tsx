import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import { type ReactNode, useRef } from 'react'
import { cn } from './class-names.ts'

export const DialogClose = Radix.Close

interface DialogProps {
  open: boolean
  onOpenChange: (open: boolean) => void
  title: string
  description?: ReactNode
  /** `panel` fills the right side of the page, for reading; the default is a box in its middle. */
  look?: 'box' | 'panel'
  children: ReactNode
}

const places = {
  box: 'inset-x-4 top-[max(1rem,10vh)] mx-auto max-h-[85vh] max-w-lg rounded-lg border motion-safe:animate-rise',
  panel: 'inset-y-0 right-0 w-full max-w-3xl border-l motion-safe:animate-slide-in',
}

/** Asks or shows something above the page, which waits; Escape and the cross close it. */
export function Dialog({ open, onOpenChange, look = 'box', ...content }: DialogProps) {
  const { title, description, children } = content
  const focus = useFocusReturn(look)
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-black/40 motion-safe:animate-appear" />
        <Radix.Content
          {...focus}
          {...(description === undefined && { 'aria-describedby': undefined })}
          className={cn(
            'fixed z-50 flex flex-col border-border bg-popover text-popover-foreground shadow-xl outline-none',
            places[look],
          )}
        >
          <header className="flex items-start gap-4 px-5 pt-5 pb-4 sm:px-6">
            <div className="min-w-0 flex-1">
              <Radix.Title className="wrap-break-word font-semibold text-lg tracking-tight">
                {title}
              </Radix.Title>
              {description !== undefined && (
                <Radix.Description className="mt-1 text-muted-foreground text-sm">
                  {description}
                </Radix.Description>
              )}
            </div>
            <Radix.Close
              aria-label="Close"
              className="-m-1.5 cursor-pointer rounded-sm p-1.5 text-muted-foreground outline-none hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring"
            >
              <X aria-hidden className="size-4.5" />
            </Radix.Close>
          </header>
          <div className="min-h-0 overflow-y-auto overscroll-contain px-5 pb-6 sm:px-6">
            {children}
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

/** The buttons at a dialog's end, the one that does it last; on a phone one above the other, that one first. */
export function DialogActions({ children }: { children: ReactNode }) {
  return (
    <div className="mt-6 flex flex-col-reverse gap-3 sm:flex-row sm:justify-end">{children}</div>
  )
}

/**
 * Closing gives the focus back to what had it. A panel is read from its top: opening it focuses the whole, not the
 * first control in it.
 */
function useFocusReturn(look: DialogProps['look']) {
  const opener = useRef<Element | null>(null)
  return {
    onOpenAutoFocus: (event: Event) => {
      opener.current = document.activeElement
      if (look !== 'panel') return
      event.preventDefault()
      if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus()
    },
    onCloseAutoFocus: (event: Event) => {
      event.preventDefault()
      if (opener.current instanceof HTMLElement) opener.current.focus()
    },
  }
}
