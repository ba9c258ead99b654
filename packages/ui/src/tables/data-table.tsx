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
    /** For numbers, so that their digits line up. */
    align?: 'right'
    /** Leaves the header's text out of the narrow layout, where each row is a block and each cell a line. */
    bare?: boolean
    className?: string
  }
}

interface DataTableProps<T> {
  /** What the table lists, for screen readers. */
  label: string
  columns: ColumnDef<T>[]
  /** Undefined while they load. Must be the same array from render to render: a new one rebuilds the table. */
  rows: T[] | undefined
  rowKey: (row: T) => string
  /** The rows are about to be replaced: shows them faded. */
  stale?: boolean
}

const NO_ROWS: never[] = []

/** A table. In a narrow container it becomes a list of blocks, so that no page scrolls sideways. */
export function DataTable<T>({ label, columns, rows, rowKey, stale = false }: DataTableProps<T>) {
  const table = useReactTable<T>({
    data: rows ?? NO_ROWS,
    columns,
    getRowId: rowKey,
    getCoreRowModel: getCoreRowModel(),
  })
  return (
    <div className="tg:@container">
      <table
        aria-label={label}
        aria-busy={rows === undefined || stale}
        className={cn(
          'tg:w-full tg:border-collapse tg:text-sm tg:transition-opacity tg:@max-2xl:block',
          stale && 'tg:opacity-60',
        )}
      >
        <thead className="tg:@max-2xl:sr-only">
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} className="tg:border-border tg:border-b">
              {group.headers.map((header) => (
                <HeaderCell key={header.id} header={header} />
              ))}
            </tr>
          ))}
        </thead>
        <tbody className="tg:@max-2xl:block">
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
        'tg:whitespace-nowrap tg:px-4 tg:py-3 tg:text-left tg:font-medium tg:text-muted-foreground tg:text-xs tg:first:pl-5 tg:last:pr-5',
        columnDef.meta?.align === 'right' && 'tg:text-right',
      )}
    >
      {flexRender(columnDef.header, header.getContext())}
    </th>
  )
}

function BodyRow<T>({ row }: { row: Row<T> }) {
  return (
    <tr className="tg:relative tg:border-border tg:border-b tg:transition-colors tg:last:border-b-0 tg:has-[[data-opens-row]]:hover:bg-muted/50 tg:@max-2xl:grid tg:@max-2xl:grid-cols-2 tg:@max-2xl:gap-x-4 tg:@max-2xl:px-5 tg:@max-2xl:py-4">
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
        'tg:align-middle tg:@2xl:px-4 tg:@2xl:py-3.5 tg:@2xl:first:pl-5 tg:@2xl:last:pr-5',
        'tg:@max-2xl:has-data-none:hidden',
        'tg:@max-2xl:col-span-2 tg:@max-2xl:flex tg:@max-2xl:min-w-0 tg:@max-2xl:items-center tg:@max-2xl:justify-between tg:@max-2xl:gap-4 tg:@max-2xl:py-1',
        'tg:@max-2xl:data-label:before:shrink-0 tg:@max-2xl:data-label:before:text-muted-foreground tg:@max-2xl:data-label:before:text-xs tg:@max-2xl:data-label:before:content-[attr(data-label)]',
        meta?.align === 'right' && 'tg:text-right tg:tabular-nums',
        meta?.className,
      )}
    >
      {flexRender(content, cell.getContext())}
    </td>
  )
}

function SkeletonRow({ columns }: { columns: number }) {
  return (
    <tr className="tg:border-border tg:border-b tg:last:border-b-0 tg:@max-2xl:block tg:@max-2xl:px-5 tg:@max-2xl:py-4">
      {Array.from({ length: columns }, (_, index) => index).map((index) => (
        <td
          key={index}
          className="tg:py-4 tg:@2xl:px-4 tg:@2xl:first:pl-5 tg:@2xl:last:pr-5 tg:@max-2xl:block"
        >
          <Skeleton
            className={
              index === 0 ? 'tg:h-4 tg:w-40 tg:max-w-full' : 'tg:h-4 tg:w-20 tg:max-w-full'
            }
          />
        </td>
      ))}
    </tr>
  )
}
