import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import { type ReactNode, useRef } from 'react'
import { cn } from './class-names.ts'
import { Root } from './root.tsx'

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
  box: 'tg:inset-x-4 tg:top-[max(--spacing(4),10vh)] tg:mx-auto tg:max-h-[85vh] tg:max-w-128 tg:rounded-lg tg:border tg:motion-safe:animate-rise',
  panel:
    'tg:inset-y-0 tg:right-0 tg:w-full tg:max-w-192 tg:border-l tg:motion-safe:animate-slide-in',
}

/** Asks or shows something above the page, which can't be used meanwhile. Escape and the cross close it. */
export function Dialog({ open, onOpenChange, look = 'box', ...content }: DialogProps) {
  const { title, description, children } = content
  const focus = useFocusReturn(look)
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        {/* Out of the flow: a host that lays its body out as a grid gets no further cell. */}
        <Root className="tg:absolute tg:top-0 tg:left-0">
          <Radix.Overlay className="tg:fixed tg:inset-0 tg:z-10000 tg:bg-black/40 tg:motion-safe:animate-appear" />
          <Radix.Content
            {...focus}
            {...(description === undefined && { 'aria-describedby': undefined })}
            className={cn(
              'tg:fixed tg:z-10000 tg:flex tg:flex-col tg:border-border tg:bg-popover tg:text-foreground tg:shadow-xl tg:outline-none',
              places[look],
            )}
          >
            <header className="tg:flex tg:items-start tg:gap-4 tg:px-5 tg:pt-5 tg:pb-4 tg:sm:px-6">
              <div className="tg:min-w-0 tg:flex-1">
                <Radix.Title className="tg:wrap-break-word tg:font-semibold tg:text-lg tg:tracking-tight">
                  {title}
                </Radix.Title>
                {description !== undefined && (
                  <Radix.Description className="tg:mt-1 tg:text-muted-foreground tg:text-sm">
                    {description}
                  </Radix.Description>
                )}
              </div>
              <Radix.Close
                aria-label="Close"
                className="tg:-m-1.5 tg:cursor-pointer tg:rounded-sm tg:p-1.5 tg:text-muted-foreground tg:outline-none tg:hover:text-foreground tg:focus-visible:ring-2 tg:focus-visible:ring-ring"
              >
                <X aria-hidden className="tg:size-4.5" />
              </Radix.Close>
            </header>
            <div className="tg:min-h-0 tg:overflow-y-auto tg:overscroll-contain tg:px-5 tg:pb-6 tg:sm:px-6">
              {children}
            </div>
          </Radix.Content>
        </Root>
      </Radix.Portal>
    </Radix.Root>
  )
}

/** The buttons at a dialog's end, always in sight. The main one is last; on a phone they are stacked and it is first. */
export function DialogActions({ children }: { children: ReactNode }) {
  return (
    <div className="tg:sticky tg:-bottom-6 tg:mt-3 tg:-mb-6 tg:flex tg:flex-col-reverse tg:flex-wrap tg:gap-3 tg:bg-popover tg:pt-3 tg:pb-6 tg:sm:flex-row tg:sm:justify-end">
      {children}
    </div>
  )
}

/**
 * Closing returns the focus to the element that had it. A panel is read from its top, so opening one focuses the panel
 * and not its first control.
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
