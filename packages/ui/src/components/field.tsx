import { ChevronDown, Search } from 'lucide-react'
import type { ComponentProps, ReactNode } from 'react'
import { useId } from 'react'
import { cn } from './class-names.ts'

const control =
  'h-9 w-full rounded-md border border-input bg-card px-3 text-sm text-foreground shadow-xs outline-none transition-shadow placeholder:text-muted-foreground focus-visible:border-ring focus-visible:ring-2 focus-visible:ring-ring/40 aria-invalid:border-destructive disabled:opacity-60'

interface InputFieldProps extends ComponentProps<'input'> {
  label: string
  hint?: ReactNode
  error?: string | undefined
}

/** A labelled input, with what is wrong with its value below it. */
export function InputField({ label, hint, error, className, ...props }: InputFieldProps) {
  const id = useId()
  const note = error ?? hint
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1.5 block font-medium text-sm">
        {label}
      </label>
      <input
        id={id}
        className={cn(control, 'h-10')}
        aria-invalid={error !== undefined || undefined}
        aria-describedby={note === undefined ? undefined : `${id}-note`}
        {...props}
      />
      {note !== undefined && (
        <p
          id={`${id}-note`}
          className={cn(
            'mt-1.5 text-xs',
            error === undefined ? 'text-muted-foreground' : 'text-destructive',
          )}
        >
          {note}
        </p>
      )}
    </div>
  )
}

interface SearchFieldProps {
  label: string
  placeholder: string
  value: string
  onChange: (value: string) => void
}

export function SearchField({ label, placeholder, value, onChange }: SearchFieldProps) {
  return (
    <div className="relative min-w-0 flex-[1_1_14rem]">
      <Search
        aria-hidden
        className="pointer-events-none absolute top-2.5 left-3 size-4 text-muted-foreground"
      />
      <input
        type="search"
        aria-label={label}
        placeholder={placeholder}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className={cn(control, 'pl-9')}
      />
    </div>
  )
}

interface SelectFieldProps<T extends string> {
  label: string
  value: T | ''
  /** What the empty choice is called. */
  all: string
  options: readonly { value: T; name: string }[]
  onChange: (value: T | '') => void
}

/** A choice among many, or none. The browser's own list: nothing works better on a phone. */
export function SelectField<T extends string>(props: SelectFieldProps<T>) {
  const { label, value, all, options, onChange } = props
  const choose = (chosen: string) =>
    onChange(options.find((option) => option.value === chosen)?.value ?? '')
  return (
    <div className="relative min-w-36 flex-[1_1_9rem] sm:flex-none">
      <select
        aria-label={label}
        value={value}
        onChange={(event) => choose(event.target.value)}
        className={cn(control, 'cursor-pointer appearance-none pr-9')}
      >
        <option value="">{all}</option>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.name}
          </option>
        ))}
      </select>
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute top-2.5 right-3 size-4 text-muted-foreground"
      />
    </div>
  )
}
