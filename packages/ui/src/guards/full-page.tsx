import type { ReactNode } from 'react'
import { Root } from '../components/root.tsx'

interface FullPageProps {
  title: string
  text: ReactNode
  children?: ReactNode
}

/** A page with one message and what to do next. */
export function FullPage({ title, text, children }: FullPageProps) {
  return (
    <Root>
      <div className="tg:mx-auto tg:flex tg:max-w-112 tg:flex-col tg:items-center tg:py-16 tg:text-center tg:sm:py-24">
        <h1 className="tg:font-semibold tg:text-2xl tg:tracking-tight">{title}</h1>
        <p className="tg:mt-2 tg:text-balance tg:text-muted-foreground">{text}</p>
        {children && (
          <div className="tg:mt-6 tg:flex tg:flex-wrap tg:justify-center tg:gap-3">{children}</div>
        )}
      </div>
    </Root>
  )
}
