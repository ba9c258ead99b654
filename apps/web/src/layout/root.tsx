import { Outlet } from '@tanstack/react-router'
import { Header } from './header.tsx'

/** What every page stands in. */
export function Root() {
  return (
    <div className="tg:flex tg:min-h-dvh tg:flex-col">
      <a
        href="#content"
        className="tg:sr-only tg:focus:not-sr-only tg:focus:absolute tg:focus:m-3 tg:focus:rounded-md tg:focus:bg-primary tg:focus:px-4 tg:focus:py-2 tg:focus:text-primary-foreground"
      >
        Skip to content
      </a>
      <Header />
      <main
        id="content"
        className="tg:mx-auto tg:w-full tg:max-w-288 tg:flex-1 tg:px-4 tg:py-8 tg:sm:px-6 tg:sm:py-12"
      >
        <Outlet />
      </main>
    </div>
  )
}
