const full = new Intl.NumberFormat('en-US')
const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 })

/** `1,234,567`. */
export function formatCount(count: number): string {
  return full.format(count)
}

/** `1.2M`, for narrow places. */
export function formatCompact(count: number): string {
  return compact.format(count)
}
