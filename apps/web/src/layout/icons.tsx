import type { ReactNode } from 'react'

function Icon({ children }: { children: ReactNode }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {children}
    </svg>
  )
}

export function SunIcon() {
  return (
    <Icon>
      <circle cx="12" cy="12" r="4" />
      <path d="M12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.6l1.1 1.1M17.3 17.3l1.1 1.1M5.6 18.4l1.1-1.1M17.3 6.7l1.1-1.1" />
    </Icon>
  )
}

export function MoonIcon() {
  return (
    <Icon>
      <path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z" />
    </Icon>
  )
}

/** The product's mark: a barrier, half open. */
export function Mark() {
  return (
    <svg aria-hidden="true" viewBox="0 0 32 32" className="tg:size-6">
      <rect width="32" height="32" rx="8" className="tg:fill-primary" />
      <path
        d="M9 24V9.5M9 12l15 4.5"
        fill="none"
        className="tg:stroke-primary-foreground"
        strokeWidth="3"
        strokeLinecap="round"
      />
      <circle cx="9" cy="9.5" r="2.5" className="tg:fill-primary-foreground" />
    </svg>
  )
}
