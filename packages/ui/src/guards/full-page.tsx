import type { ReactNode } from 'react'

interface FullPageProps {
  title: string
  text: ReactNode
  children?: ReactNode
}

/** A page that says one thing and offers one way on. */
export function FullPage({ title, text, children }: FullPageProps) {
  return (
    <div className="mx-auto flex max-w-md flex-col items-center py-16 text-center sm:py-24">
      <h1 className="font-semibold text-2xl tracking-tight">{title}</h1>
      <p className="mt-2 text-balance text-muted-foreground">{text}</p>
      {children && <div className="mt-6 flex flex-wrap justify-center gap-3">{children}</div>}
    </div>
  )
}
