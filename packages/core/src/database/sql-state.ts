/** The five characters by which PostgreSQL names a failure; '' for any other error. */
export function sqlState(error: unknown): string {
  return String((error as { code?: unknown } | null)?.code ?? '')
}

/** Whether PostgreSQL refused what it was given: the same again is refused again. Classes 22 and 23 of its appendix A. */
export function isAboutData(error: unknown): boolean {
  return /^2[23]/.test(sqlState(error))
}
