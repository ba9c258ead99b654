import type { InfiniteData } from '@tanstack/react-query'
import type { ColumnDef } from '@tanstack/react-table'
import { type ReactNode, useMemo } from 'react'
import type { ApiError, Page } from '../api/types.ts'
import { Button } from '../components/button.tsx'
import { ErrorNotice } from '../components/notice.tsx'
import { Loading } from '../components/skeleton.tsx'
import { DataTable } from './data-table.tsx'

/** What a table needs of an infinite query. */
export interface PagedQuery<T> {
  data: InfiniteData<Page<T>, unknown> | undefined
  error: ApiError | null
  isFetching: boolean
  isPlaceholderData: boolean
  hasNextPage: boolean
  isFetchingNextPage: boolean
  fetchNextPage: () => unknown
  refetch: () => unknown
}

interface PagedTableProps<T> {
  query: PagedQuery<T>
  /** What it lists, in the plural and lower case: "invoices". */
  what: string
  columns: ColumnDef<T>[]
  rowKey: (row: T) => string
  empty: ReactNode
}

/** A table with a "Load more" button, and its states: loading, empty, failed. */
export function PagedTable<T>({ query, what, columns, rowKey, empty }: PagedTableProps<T>) {
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data])
  if (!rows && query.error) {
    return <LoadError query={query} what={what} className="tg:m-4" />
  }
  if (rows?.length === 0) return <Empty>{empty}</Empty>
  const label = `${what[0]?.toUpperCase()}${what.slice(1)}`
  return (
    <>
      {!rows && <Loading what={what} />}
      <DataTable
        label={label}
        columns={columns}
        rows={rows}
        rowKey={rowKey}
        stale={query.isPlaceholderData}
      />
      {query.error && <LoadError query={query} what={what} className="tg:m-4" />}
      {query.hasNextPage && (
        <div className="tg:border-border tg:border-t tg:p-3 tg:text-center">
          <Button
            variant="ghost"
            size="small"
            pending={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            Load more {what}
          </Button>
        </div>
      )}
    </>
  )
}

function LoadError<T>(props: { query: PagedQuery<T>; what: string; className: string }) {
  const { query, what, className } = props
  if (!query.error) return null
  return (
    <ErrorNotice
      error={query.error}
      what={`The ${what} could not be loaded`}
      retrying={query.isFetching}
      onRetry={() => void (query.data ? query.fetchNextPage() : query.refetch())}
      className={className}
    />
  )
}

/** Says that there are no rows, and why. */
export function Empty({ children }: { children: ReactNode }) {
  return (
    <div className="tg:px-5 tg:py-10 tg:text-center tg:text-muted-foreground tg:text-sm">
      {children}
    </div>
  )
}
