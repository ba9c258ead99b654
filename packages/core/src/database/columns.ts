/** Rows turned into one array a column, as unnest takes them. */
export function columns<T>(
  rows: readonly T[],
  width: number,
  cells: (row: T) => readonly unknown[],
): unknown[][] {
  const result: unknown[][] = Array.from({ length: width }, () => [])
  for (const row of rows) {
    const values = cells(row)
    // By index: this is the innermost loop of each batch of usage.
    for (let column = 0; column < width; column += 1) result[column]?.push(values[column])
  }
  return result
}
