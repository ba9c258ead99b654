import { Gate, type GuardProps } from './guard.tsx'

/**
 * Shows its children to whoever is signed in, and leads others to the sign-in and back. For convenience only:
 * every procedure behind the page decides for itself.
 */
export function AuthGuard({ children, ...props }: GuardProps) {
  return <Gate {...props}>{() => children}</Gate>
}
