import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useSession } from './client.ts'
import { FormPage, type FormPageProps } from './form-page.tsx'

/** The layout of sign-in and sign-up. A person who is signed in is sent to the page they came from. */
export function AuthPage(props: Omit<FormPageProps, 'leaves'>) {
  useLeaveOnceSignedIn()
  return <FormPage leaves {...props} />
}

function useLeaveOnceSignedIn(): void {
  const { data: session } = useSession()
  const { next } = useSearch({ strict: false })
  const navigate = useNavigate()
  const signedIn = session != null
  useEffect(() => {
    if (signedIn) void navigate({ href: next ?? '/billing', replace: true })
  }, [signedIn, next, navigate])
}
