import { useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'

/** Leads to the sign-in, which leads back. */
export function useSignInRequired(): (next: string) => void {
  const navigate = useNavigate()
  return useCallback(
    (next) => void navigate({ to: '/sign-in', search: { next }, replace: true }),
    [navigate],
  )
}
