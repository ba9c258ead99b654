import { Link } from '@tanstack/react-router'
import { Button } from '@tollgate/ui'
import { useSession } from '../auth/client.ts'
import { useTheme } from '../theme.ts'
import { Mark, MoonIcon, SunIcon } from './icons.tsx'
import { UserMenu } from './user-menu.tsx'

const navLink =
  'rounded-md px-3 py-1.5 font-medium text-muted-foreground text-sm outline-none transition-colors hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring aria-[current=page]:text-foreground'

export function Header() {
  const { data: session, isPending } = useSession()
  return (
    <header className="border-border border-b bg-background">
      <div className="mx-auto flex h-16 max-w-6xl items-center gap-2 px-4 sm:px-6">
        <Link
          to="/"
          className="flex items-center gap-2.5 rounded-md font-semibold tracking-tight outline-none focus-visible:ring-2 focus-visible:ring-ring"
        >
          <Mark />
          Tollgate
        </Link>
        {session && (
          <nav aria-label="Main" className="ml-4 flex max-sm:hidden">
            <Link to="/billing" className={navLink}>
              Billing
            </Link>
            {session.user.role === 'admin' && (
              <Link to="/admin/billing" className={navLink}>
                Admin
              </Link>
            )}
          </nav>
        )}
        <div className="ml-auto flex items-center gap-1.5">
          <ThemeToggle />
          {session ? (
            <UserMenu user={session.user} />
          ) : (
            <Button asChild size="small" variant="outline" className={isPending ? 'invisible' : ''}>
              <Link to="/sign-in">Sign in</Link>
            </Button>
          )}
        </div>
      </div>
    </header>
  )
}

function ThemeToggle() {
  const { theme, toggle } = useTheme()
  const other = theme === 'dark' ? 'light' : 'dark'
  return (
    <Button variant="ghost" size="icon" aria-label={`Use the ${other} theme`} onClick={toggle}>
      {theme === 'dark' ? <SunIcon /> : <MoonIcon />}
    </Button>
  )
}
