/** One mistake in a catalogue: where it is, and what to write instead. */
export interface CatalogIssue {
  path: string
  message: string
}

/** A catalogue that can't be used. Its message has a line for each mistake. */
export class CatalogError extends Error {
  override readonly name = 'CatalogError'
  readonly issues: readonly CatalogIssue[]

  constructor(issues: readonly CatalogIssue[]) {
    super(issues.map(({ path, message }) => `${path}: ${message}`).join('\n'))
    this.issues = issues
  }
}
