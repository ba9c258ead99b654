import { useSyncExternalStore } from 'react'

const never = () => () => undefined

/** False while a server renders, and in the browser until the first render has taken over what the server sent. */
export function useInBrowser(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  )
}
