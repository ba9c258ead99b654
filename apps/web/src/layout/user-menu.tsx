import { useNavigate } from '@tanstack/react-router'
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from '@tollgate/ui'
import { authClient } from '../auth/client.ts'
import { productSignIn } from '../product.ts'

interface UserMenuProps {
  user: { name: string; email: string; role?: string | null | undefined }
}

/** Who is signed in, with links to their pages and a sign-out. */
export function UserMenu({ user }: UserMenuProps) {
  const navigate = useNavigate()
  const signOut = async () => {
    await navigate({ to: '/' })
    await authClient.signOut()
  }
  return (
    <Menu>
      <MenuTrigger
        aria-label="Account menu"
        className="tg:flex tg:size-9 tg:cursor-pointer tg:items-center tg:justify-center tg:rounded-full tg:bg-accent/12 tg:font-semibold tg:text-accent tg:text-sm tg:uppercase tg:outline-none tg:transition-colors tg:hover:bg-accent/20 tg:focus-visible:ring-2 tg:focus-visible:ring-ring tg:focus-visible:ring-offset-2 tg:focus-visible:ring-offset-background"
      >
        {(user.name || user.email).slice(0, 1)}
      </MenuTrigger>
      <MenuContent>
        <div className="tg:px-2.5 tg:py-2 tg:text-sm">
          {user.name && <p className="tg:truncate tg:font-medium">{user.name}</p>}
          <p className="tg:max-w-64 tg:truncate tg:text-muted-foreground">{user.email}</p>
        </div>
        <MenuSeparator />
        <MenuItem onSelect={() => void navigate({ to: '/billing' })}>Billing</MenuItem>
        <MenuItem onSelect={() => void navigate({ to: '/account' })}>Account</MenuItem>
        {user.role === 'admin' && (
          <MenuItem onSelect={() => void navigate({ to: '/admin/billing' })}>Admin</MenuItem>
        )}
        {productSignIn === null && (
          <>
            <MenuSeparator />
            <MenuItem onSelect={() => void signOut()}>Sign out</MenuItem>
          </>
        )}
      </MenuContent>
    </Menu>
  )
}
