/** Now, in milliseconds since the epoch, as this browser has it: for what is only shown, never decided, by it. */
export function nowMs(): number {
  return Date.now()
}
