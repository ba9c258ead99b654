import { useCallback, useSyncExternalStore } from 'react'

const CHANGED = 'tollgate:url'

/**
 * A parameter of the page's URL as state, so that a view can be linked to and the back button leads through
 * it, whatever router the host uses. Null takes it off the URL.
 */
export function useUrlParam(name: string): [string | null, (value: string | null) => void] {
  const value = useSyncExternalStore(subscribe, () => read(name))
  const set = useCallback(
    (next: string | null) => {
      if (read(name) === next) return
      const url = new URL(window.location.href)
      if (next === null) url.searchParams.delete(name)
      else url.searchParams.set(name, next)
      window.history.pushState(window.history.state, '', url)
      window.dispatchEvent(new Event(CHANGED))
    },
    [name],
  )
  return [value, set]
}

function read(name: string): string | null {
  return new URLSearchParams(window.location.search).get(name)
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener('popstate', onChange)
  window.addEventListener(CHANGED, onChange)
  return () => {
    window.removeEventListener('popstate', onChange)
    window.removeEventListener(CHANGED, onChange)
  }
}
