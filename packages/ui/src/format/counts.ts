const full = new Intl.NumberFormat('en-US')
const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 })

/** `1,234,567`. */
export function formatCount(count: number): string {
  return full.format(count)
}

/** `1.2M`, where there is no room for more. */
export function formatCompact(count: number): string {
  return compact.format(count)
}
