/** Marks an empty cell. The narrow layout leaves its line out. */
export function None() {
  return (
    <span data-none className="tg:text-muted-foreground">
      –
    </span>
  )
}
