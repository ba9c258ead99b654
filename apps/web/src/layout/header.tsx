import { Link } from '@tanstack/react-router'
import { Button } from '@tollgate/ui'
import { useSession } from '../auth/client.ts'
import { productLogo, productName } from '../product.ts'
import { useTheme } from '../theme.ts'
import { Mark, MoonIcon, SunIcon } from './icons.tsx'
import { UserMenu } from './user-menu.tsx'

const navLink =
  'tg:rounded-md tg:px-3 tg:py-1.5 tg:font-medium tg:text-muted-foreground tg:text-sm tg:outline-none tg:transition-colors tg:hover:text-foreground tg:focus-visible:ring-2 tg:focus-visible:ring-ring tg:aria-[current=page]:text-foreground'

export function Header() {
  const { data: session, isPending } = useSession()
  return (
    <header className="tg:border-border tg:border-b tg:bg-background">
      <div className="tg:mx-auto tg:flex tg:h-16 tg:max-w-288 tg:items-center tg:gap-2 tg:px-4 tg:sm:px-6">
        <Link
          to="/"
          className="tg:flex tg:items-center tg:gap-2.5 tg:rounded-md tg:font-semibold tg:tracking-tight tg:outline-none tg:focus-visible:ring-2 tg:focus-visible:ring-ring"
        >
          {productLogo === null ? (
            <Mark />
          ) : (
            <img src={productLogo} alt="" className="tg:h-7 tg:w-auto tg:max-w-40" />
          )}
          {productName}
        </Link>
        {session && (
          <nav aria-label="Main" className="tg:ml-4 tg:flex tg:max-sm:hidden">
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
        <div className="tg:ml-auto tg:flex tg:items-center tg:gap-1.5">
          <ThemeToggle />
          {session ? (
            <UserMenu user={session.user} />
          ) : (
            <Button
              asChild
              size="small"
              variant="outline"
              className={isPending ? 'tg:invisible' : ''}
            >
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
