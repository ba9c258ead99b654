/** How a link in a text looks. */
export const link =
  'rounded-sm font-medium text-accent underline-offset-4 outline-none hover:underline focus-visible:ring-2 focus-visible:ring-ring'
