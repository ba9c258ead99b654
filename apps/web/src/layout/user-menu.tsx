import { useNavigate } from '@tanstack/react-router'
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from '@tollgate/ui'
import { authClient } from '../auth/client.ts'

interface UserMenuProps {
  user: { name: string; email: string; role?: string | null | undefined }
}

/** Who is signed in, where they may go, and the way out. */
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
        className="flex size-9 cursor-pointer items-center justify-center rounded-full bg-accent/12 font-semibold text-accent text-sm uppercase outline-none transition-colors hover:bg-accent/20 focus-visible:ring-2 focus-visible:ring-ring focus-visible:ring-offset-2 focus-visible:ring-offset-background"
      >
        {(user.name || user.email).slice(0, 1)}
      </MenuTrigger>
      <MenuContent>
        <div className="px-2.5 py-2 text-sm">
          <p className="truncate font-medium">{user.name}</p>
          <p className="max-w-64 truncate text-muted-foreground">{user.email}</p>
        </div>
        <MenuSeparator />
        <MenuItem onSelect={() => void navigate({ to: '/billing' })}>Billing</MenuItem>
        {user.role === 'admin' && (
          <MenuItem onSelect={() => void navigate({ to: '/admin/billing' })}>Admin</MenuItem>
        )}
        <MenuSeparator />
        <MenuItem onSelect={() => void signOut()}>Sign out</MenuItem>
      </MenuContent>
    </Menu>
  )
}
