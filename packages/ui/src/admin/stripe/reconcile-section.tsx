import type { Reconciliation } from '../../api/types.ts'
import { Button } from '../../components/button.tsx'
import { Card, Section } from '../../components/card.tsx'
import { ErrorNotice, Notice } from '../../components/notice.tsx'
import { formatCount } from '../../format/counts.ts'
import { DataTable } from '../../tables/data-table.tsx'
import { driftColumns } from './drift-columns.tsx'
import { useReconcile } from './use-reconcile.ts'
import { foundIn, repairedIn, type Walk } from './walk.ts'

/** Compares every row with Stripe on request, and repairs what differs. It also happens by itself, on a schedule. */
export function ReconcileSection() {
  const { walk, running, error, run } = useReconcile()
  return (
    <Section
      title="Reconcile with Stripe"
      hint="Compares all subscriptions, invoices and undelivered events with Stripe."
      actions={
        <div className="flex flex-wrap gap-3">
          <Button
            variant="outline"
            pending={running === 'look'}
            disabled={running === 'repair'}
            onClick={() => void run(true)}
          >
            Compare only
          </Button>
          <Button
            pending={running === 'repair'}
            disabled={running === 'look'}
            onClick={() => void run(false)}
          >
            Compare and repair
          </Button>
        </div>
      }
    >
      {error && <ErrorNotice error={error} what="It could not be finished" className="mb-4" />}
      {walk && <Outcome walk={walk} />}
    </Section>
  )
}

function Outcome({ walk }: { walk: Walk }) {
  const found = foundIn(walk)
  const repaired = repairedIn(walk)
  const checked = `${formatCount(walk.customers)} ${walk.customers === 1 ? 'customer' : 'customers'} compared`
  if (!walk.complete) {
    return <Notice tone="accent" title="Comparing…">{`${checked} so far.`}</Notice>
  }
  if (found === 0) {
    return <Notice tone="success" title="Every row equals Stripe">{`${checked}.`}</Notice>
  }
  return (
    <>
      <Notice
        tone={repaired < found ? 'warning' : 'success'}
        title={
          walk.dryRun
            ? `${formatCount(found)} ${found === 1 ? 'difference' : 'differences'}`
            : `${formatCount(repaired)} of ${formatCount(found)} repaired`
        }
        className="mb-4"
      >
        {checked}.
      </Notice>
      <Card>
        <DataTable
          label="Differences from Stripe"
          columns={driftColumns}
          rows={walk.drift}
          rowKey={({ kind, objectId }: Reconciliation['drift'][number]) => `${kind} ${objectId}`}
        />
      </Card>
    </>
  )
}
