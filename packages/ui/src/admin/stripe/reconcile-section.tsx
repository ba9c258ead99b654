import type { Reconciliation } from '../../api/types.ts'
import { Button } from '../../components/button.tsx'
import { Card, Section } from '../../components/card.tsx'
import { ErrorNotice, Notice } from '../../components/notice.tsx'
import { formatCount } from '../../format/counts.ts'
import { DataTable } from '../../tables/data-table.tsx'
import { driftColumns } from './drift-columns.tsx'
import { foundIn, type ReconcileRun, repairedIn } from './reconcile-run.ts'
import { useReconcile } from './use-reconcile.ts'

/** Compares our data with Stripe on request, and repairs differences. The server also does so on a schedule. */
export function ReconcileSection() {
  const { run, running, error, start } = useReconcile()
  return (
    <Section
      title="Reconcile with Stripe"
      hint="Compares all subscriptions, invoices and undelivered events with Stripe."
      actions={
        <div className="tg:flex tg:flex-wrap tg:gap-3">
          <Button
            variant="outline"
            pending={running === 'compare'}
            disabled={running === 'repair'}
            onClick={() => void start(true)}
          >
            Compare only
          </Button>
          <Button
            pending={running === 'repair'}
            disabled={running === 'compare'}
            onClick={() => void start(false)}
          >
            Compare and repair
          </Button>
        </div>
      }
    >
      {error && (
        <ErrorNotice error={error} what="The comparison did not finish" className="tg:mb-4" />
      )}
      {run && <Outcome run={run} />}
    </Section>
  )
}

function Outcome({ run }: { run: ReconcileRun }) {
  const found = foundIn(run)
  const repaired = repairedIn(run)
  const checked = `${formatCount(run.customers)} ${run.customers === 1 ? 'customer' : 'customers'} compared`
  if (!run.complete) {
    return <Notice tone="accent" title="Comparing…">{`${checked} so far.`}</Notice>
  }
  if (found === 0) {
    return <Notice tone="success" title="Everything matches Stripe">{`${checked}.`}</Notice>
  }
  return (
    <>
      <Notice
        tone={repaired < found ? 'warning' : 'success'}
        title={
          run.dryRun
            ? `${formatCount(found)} ${found === 1 ? 'difference' : 'differences'}`
            : `${formatCount(repaired)} of ${formatCount(found)} repaired`
        }
        className="tg:mb-4"
      >
        {checked}.
      </Notice>
      <Card>
        <DataTable
          label="Differences from Stripe"
          columns={driftColumns}
          rows={run.drift}
          rowKey={({ kind, objectId }: Reconciliation['drift'][number]) => `${kind} ${objectId}`}
        />
      </Card>
    </>
  )
}
