/** Rows turned into one array a column, as unnest takes them. */
export function columns<T>(
  rows: readonly T[],
  width: number,
  cells: (row: T) => readonly unknown[],
): unknown[][] {
  const result: unknown[][] = Array.from({ length: width }, () => [])
  for (const row of rows) {
    for (const [index, cell] of cells(row).entries()) result[index]?.push(cell)
  }
  return result
}
