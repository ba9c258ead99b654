/** Stands for nothing in a table's cell; the narrow layout leaves the line out. */
export function None() {
  return (
    <span data-none className="text-muted-foreground">
      –
    </span>
  )
}
