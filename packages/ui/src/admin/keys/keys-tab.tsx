import { Plus } from 'lucide-react'
import { useState } from 'react'
import { trpc } from '../../api/trpc.ts'
import type { ApiKey } from '../../api/types.ts'
import { Button } from '../../components/button.tsx'
import { Card, Section } from '../../components/card.tsx'
import { ErrorNotice } from '../../components/notice.tsx'
import { Loading } from '../../components/skeleton.tsx'
import { DataTable } from '../../tables/data-table.tsx'
import { Empty } from '../../tables/paged-table.tsx'
import { CreateKeyDialog } from './create-key-dialog.tsx'
import { keyColumns } from './key-columns.tsx'
import { RevokeKeyDialog } from './revoke-key-dialog.tsx'

/** The keys of sibling apps: make one, see when they were used, take one back. */
export function KeysTab() {
  const [creating, setCreating] = useState(false)
  const [revoking, setRevoking] = useState<ApiKey | null>(null)
  return (
    <Section
      title="API keys"
      hint="Sibling apps record usage with them. A revoked key is refused everywhere within 10 seconds."
      actions={
        <Button onClick={() => setCreating(true)}>
          <Plus aria-hidden />
          Create API key
        </Button>
      }
    >
      <Card>
        <Keys onRevoke={setRevoking} />
      </Card>
      <CreateKeyDialog open={creating} onClose={() => setCreating(false)} />
      <RevokeKeyDialog apiKey={revoking} onClose={() => setRevoking(null)} />
    </Section>
  )
}

function Keys({ onRevoke }: { onRevoke: (key: ApiKey) => void }) {
  const keys = trpc.admin.apiKeys.list.useQuery()
  const [columns] = useState(() => keyColumns(onRevoke))
  if (!keys.data && keys.error) {
    return (
      <ErrorNotice
        error={keys.error}
        what="The API keys could not be loaded"
        onRetry={() => void keys.refetch()}
        retrying={keys.isFetching}
        className="tg:m-4"
      />
    )
  }
  if (keys.data?.length === 0) {
    return <Empty>No API keys yet. Create one for each app that records usage.</Empty>
  }
  return (
    <>
      {!keys.data && <Loading what="API keys" />}
      <DataTable label="API keys" columns={columns} rows={keys.data} rowKey={(key) => key.id} />
    </>
  )
}
