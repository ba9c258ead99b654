/** How a link in a text looks. */
export const link =
  'tg:rounded-sm tg:font-medium tg:text-accent tg:underline-offset-4 tg:outline-none tg:hover:underline tg:focus-visible:ring-2 tg:focus-visible:ring-ring'
