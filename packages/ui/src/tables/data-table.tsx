import {
  type Cell,
  type ColumnDef,
  flexRender,
  getCoreRowModel,
  type Header,
  type Row,
  type RowData,
  useReactTable,
} from '@tanstack/react-table'
import { cn } from '../components/class-names.ts'
import { Skeleton } from '../components/skeleton.tsx'

declare module '@tanstack/react-table' {
  interface ColumnMeta<TData extends RowData, TValue> {
    /** Numbers stand at the right, so that their digits line up. */
    align?: 'right'
    /** Without its header's text in the narrow layout, where each row is a block and each cell a line. */
    bare?: boolean
    className?: string
  }
}

interface DataTableProps<T> {
  /** What the table lists, for who can't see it. */
  label: string
  columns: ColumnDef<T>[]
  /** Undefined while they load. The same array from render to render: the table starts afresh with each new one. */
  rows: T[] | undefined
  rowKey: (row: T) => string
  /** Shows rows that are about to be replaced. */
  stale?: boolean
}

const NO_ROWS: never[] = []

/** A table that turns into a list of blocks where it has no room, so that no page scrolls sideways. */
export function DataTable<T>({ label, columns, rows, rowKey, stale = false }: DataTableProps<T>) {
  const table = useReactTable<T>({
    data: rows ?? NO_ROWS,
    columns,
    getRowId: rowKey,
    getCoreRowModel: getCoreRowModel(),
  })
  return (
    <div className="@container">
      <table
        aria-label={label}
        aria-busy={rows === undefined || stale}
        className={cn(
          'w-full border-collapse text-sm transition-opacity @max-2xl:block',
          stale && 'opacity-60',
        )}
      >
        <thead className="@max-2xl:sr-only">
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} className="border-border border-b">
              {group.headers.map((header) => (
                <HeaderCell key={header.id} header={header} />
              ))}
            </tr>
          ))}
        </thead>
        <tbody className="@max-2xl:block">
          {rows
            ? table.getRowModel().rows.map((row) => <BodyRow key={row.id} row={row} />)
            : [1, 2, 3].map((row) => <SkeletonRow key={row} columns={columns.length} />)}
        </tbody>
      </table>
    </div>
  )
}

function HeaderCell<T>({ header }: { header: Header<T, unknown> }) {
  const { columnDef } = header.column
  return (
    <th
      scope="col"
      className={cn(
        'whitespace-nowrap px-4 py-3 text-left font-medium text-muted-foreground text-xs first:pl-5 last:pr-5',
        columnDef.meta?.align === 'right' && 'text-right',
      )}
    >
      {flexRender(columnDef.header, header.getContext())}
    </th>
  )
}

function BodyRow<T>({ row }: { row: Row<T> }) {
  return (
    <tr className="relative border-border border-b transition-colors last:border-b-0 has-[[data-opens-row]]:hover:bg-muted/50 @max-2xl:grid @max-2xl:grid-cols-2 @max-2xl:gap-x-4 @max-2xl:px-5 @max-2xl:py-4">
      {row.getVisibleCells().map((cell) => (
        <BodyCell key={cell.id} cell={cell} />
      ))}
    </tr>
  )
}

function BodyCell<T>({ cell }: { cell: Cell<T, unknown> }) {
  const { meta, header, cell: content } = cell.column.columnDef
  return (
    <td
      data-label={meta?.bare || typeof header !== 'string' ? undefined : header}
      className={cn(
        'px-4 py-3.5 align-middle first:pl-5 last:pr-5',
        '@max-2xl:has-data-none:hidden',
        '@max-2xl:col-span-2 @max-2xl:flex @max-2xl:min-w-0 @max-2xl:items-center @max-2xl:justify-between @max-2xl:gap-4 @max-2xl:p-0! @max-2xl:py-1!',
        '@max-2xl:data-label:before:shrink-0 @max-2xl:data-label:before:text-muted-foreground @max-2xl:data-label:before:text-xs @max-2xl:data-label:before:content-[attr(data-label)]',
        meta?.align === 'right' && 'text-right tabular-nums',
        meta?.className,
      )}
    >
      {flexRender(content, cell.getContext())}
    </td>
  )
}

function SkeletonRow({ columns }: { columns: number }) {
  return (
    <tr className="border-border border-b last:border-b-0 @max-2xl:block @max-2xl:px-5 @max-2xl:py-4">
      {Array.from({ length: columns }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: nothing but its place tells one from another
        <td key={index} className="px-4 py-4 first:pl-5 last:pr-5 @max-2xl:block @max-2xl:px-0!">
          <Skeleton className={index === 0 ? 'h-4 w-40 max-w-full' : 'h-4 w-20 max-w-full'} />
        </td>
      ))}
    </tr>
  )
}
