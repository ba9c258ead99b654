import { Gate, type GuardProps } from './guard.tsx'

/**
 * Shows its children to people who are signed in, and asks others to sign in. For convenience only: every procedure
 * checks the session itself.
 */
export function AuthGuard({ children, ...props }: GuardProps) {
  return <Gate {...props}>{() => children}</Gate>
}
