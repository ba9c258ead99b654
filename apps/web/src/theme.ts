import { useState } from 'react'

type Theme = 'light' | 'dark'

const KEY = 'tollgate-theme'

/** Shows the theme that was chosen on this device; without a choice the system's stays. */
export function applyStoredTheme(): void {
  const stored = localStorage.getItem(KEY)
  if (stored === 'light' || stored === 'dark') document.documentElement.dataset['theme'] = stored
}

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
