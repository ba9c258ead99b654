import { useEffect, useState } from 'react'

/** What the server says of its sign-in, to anybody. */
interface SignInFacts {
  /** Where mails go; 'none': whatever needs a mail can't be done. */
  mail: 'smtp' | 'outbox' | 'none'
}

/** Null until they are known. */
export function useSignInFacts(): SignInFacts | null {
  const [facts, setFacts] = useState<SignInFacts | null>(null)
  useEffect(() => {
    const controller = new AbortController()
    fetch('/api/sign-in', { signal: controller.signal })
      .then((response) => response.json())
      .then(setFacts, () => undefined)
    return () => controller.abort()
  }, [])
  return facts
}
