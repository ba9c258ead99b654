import { useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'

/** Goes to the sign-in page, which comes back to `next`. */
export function useSignInRequired(): (next: string) => void {
  const navigate = useNavigate()
  return useCallback(
    (next) => void navigate({ to: '/sign-in', search: { next }, replace: true }),
    [navigate],
  )
}
