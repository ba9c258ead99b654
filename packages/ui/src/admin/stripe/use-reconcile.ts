import { useState } from 'react'
import { trpc } from '../../api/trpc.ts'
import type { ApiError, Reconciliation } from '../../api/types.ts'
import { addPart, type ReconcileRun } from './reconcile-run.ts'

/** Runs a whole reconcile, call by call: one call does only a part of a large one. */
export function useReconcile() {
  const utils = trpc.useUtils()
  const { mutateAsync } = trpc.admin.reconcile.useMutation()
  const [run, setRun] = useState<ReconcileRun | null>(null)
  const [running, setRunning] = useState<'compare' | 'repair' | null>(null)
  const [error, setError] = useState<ApiError | null>(null)
  const start = async (dryRun: boolean) => {
    setRunning(dryRun ? 'compare' : 'repair')
    setError(null)
    setRun(null)
    try {
      let part: Reconciliation | null = null
      let sum: ReconcileRun | null = null
      do {
        part = await mutateAsync({ dryRun, ...(part?.nextCursor && { cursor: part.nextCursor }) })
        sum = addPart(sum, part)
        setRun(sum)
      } while (!part.complete)
    } catch (failure) {
      setError(failure as ApiError)
    } finally {
      setRunning(null)
      await utils.admin.invalidate()
    }
  }
  return { run, running, error, start }
}
