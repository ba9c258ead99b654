import { useState } from 'react'
import { trpc } from '../../api/trpc.ts'
import type { ApiError, Reconciliation } from '../../api/types.ts'
import { addPart, type Walk } from './walk.ts'

/** A whole walk over Stripe, call by call, as one call does only a part of a large one. */
export function useReconcile() {
  const utils = trpc.useUtils()
  const { mutateAsync } = trpc.admin.reconcile.useMutation()
  const [walk, setWalk] = useState<Walk | null>(null)
  const [running, setRunning] = useState<'look' | 'repair' | null>(null)
  const [error, setError] = useState<ApiError | null>(null)
  const run = async (dryRun: boolean) => {
    setRunning(dryRun ? 'look' : 'repair')
    setError(null)
    setWalk(null)
    try {
      let part: Reconciliation | null = null
      let sum: Walk | null = null
      do {
        part = await mutateAsync({ dryRun, ...(part?.nextCursor && { cursor: part.nextCursor }) })
        sum = addPart(sum, part)
        setWalk(sum)
      } while (!part.complete)
    } catch (failure) {
      setError(failure as ApiError)
    } finally {
      setRunning(null)
      await utils.admin.invalidate()
    }
  }
  return { walk, running, error, run }
}
