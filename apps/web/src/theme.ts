import { useState } from 'react'

type Theme = 'light' | 'dark'

/** Where a choice is kept; public/theme.js reads it before the first paint. */
const KEY = 'tollgate-theme'

/** The theme in sight, and a way to the other one, remembered on this device. */
export function useTheme(): { theme: Theme; toggle: () => void } {
  const [theme, setTheme] = useState(currentTheme)
  const toggle = () => {
    const next = theme === 'dark' ? 'light' : 'dark'
    localStorage.setItem(KEY, next)
    document.documentElement.dataset['theme'] = next
    setTheme(next)
  }
  return { theme, toggle }
}

function currentTheme(): Theme {
  const chosen = document.documentElement.dataset['theme']
  if (chosen === 'light' || chosen === 'dark') return chosen
  return window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
}
