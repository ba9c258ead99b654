import { ChevronDown, Search } from 'lucide-react'
import { RadioGroup } from 'radix-ui'
import type { ComponentProps, ReactNode } from 'react'
import { useId } from 'react'
import { cn } from './class-names.ts'

const control =
  'tg:h-9 tg:w-full tg:rounded-md tg:border tg:border-input tg:bg-card tg:px-3 tg:text-sm tg:text-foreground tg:shadow-xs tg:outline-none tg:transition-shadow tg:placeholder:text-muted-foreground tg:focus-visible:border-ring tg:focus-visible:ring-2 tg:focus-visible:ring-ring/40 tg:aria-invalid:border-destructive tg:disabled:opacity-60'

interface InputFieldProps extends ComponentProps<'input'> {
  label: string
  hint?: ReactNode
  error?: string | undefined
}

/** A labelled input, with a hint or an error below it. */
export function InputField({ label, hint, error, className, ...props }: InputFieldProps) {
  const id = useId()
  const note = error ?? hint
  return (
    <div className={className}>
      <label htmlFor={id} className="tg:mb-1.5 tg:block tg:font-medium tg:text-sm">
        {label}
      </label>
      <input
        id={id}
        className={cn(control, 'tg:h-10')}
        aria-invalid={error !== undefined || undefined}
        aria-describedby={note === undefined ? undefined : `${id}-note`}
        {...props}
      />
      {note !== undefined && (
        <p
          id={`${id}-note`}
          className={cn(
            'tg:mt-1.5 tg:text-xs',
            error === undefined ? 'tg:text-muted-foreground' : 'tg:text-destructive',
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
    <div className="tg:relative tg:min-w-0 tg:flex-[1_1_--spacing(56)]">
      <Search
        aria-hidden
        className="tg:pointer-events-none tg:absolute tg:top-2.5 tg:left-3 tg:size-4 tg:text-muted-foreground"
      />
      <input
        type="search"
        aria-label={label}
        placeholder={placeholder}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className={cn(control, 'tg:pl-9')}
      />
    </div>
  )
}

interface Option<T extends string> {
  value: T
  name: string
}

interface SelectProps<T extends string> {
  label: string
  value: T
  options: readonly Option<T>[]
  onChange: (value: T) => void
}

/** A choice of one option. It is the browser's own list, which works with any number of options and on phones. */
export function Select<T extends string>({ label, value, options, onChange }: SelectProps<T>) {
  const choose = (chosen: string) => {
    const option = options.find((each) => each.value === chosen)
    if (option) onChange(option.value)
  }
  return (
    <div className="tg:relative tg:min-w-36 tg:max-w-full tg:flex-[1_1_--spacing(36)] tg:sm:max-w-72 tg:sm:flex-none">
      <select
        aria-label={label}
        value={value}
        onChange={(event) => choose(event.target.value)}
        className={cn(control, 'tg:cursor-pointer tg:appearance-none tg:truncate tg:pr-9')}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.name}
          </option>
        ))}
      </select>
      <ChevronDown
        aria-hidden
        className="tg:pointer-events-none tg:absolute tg:top-2.5 tg:right-3 tg:size-4 tg:text-muted-foreground"
      />
    </div>
  )
}

interface SegmentsProps<T extends string> {
  label: string
  value: T
  options: readonly Option<T>[]
  onChange: (value: T) => void
}

/** A choice of one of a few options, all of which are seen. */
export function Segments<T extends string>({ label, value, options, onChange }: SegmentsProps<T>) {
  const choose = (chosen: string) => {
    const option = options.find((each) => each.value === chosen)
    if (option) onChange(option.value)
  }
  return (
    <RadioGroup.Root
      aria-label={label}
      value={value}
      onValueChange={choose}
      className="tg:inline-flex tg:max-w-full tg:flex-wrap tg:rounded-md tg:border tg:border-border tg:bg-muted tg:p-0.5"
    >
      {options.map((option) => (
        <RadioGroup.Item
          key={option.value}
          value={option.value}
          className="tg:h-8 tg:cursor-pointer tg:rounded-sm tg:px-3 tg:font-medium tg:text-muted-foreground tg:text-sm tg:outline-none tg:focus-visible:ring-2 tg:focus-visible:ring-ring tg:data-[state=checked]:bg-card tg:data-[state=checked]:text-foreground tg:data-[state=checked]:shadow-xs"
        >
          {option.name}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  )
}

interface FilterProps<T extends string> {
  label: string
  /** Empty for no filter. */
  value: T | ''
  /** The name of the option without a filter. */
  all: string
  options: readonly Option<T>[]
  onChange: (value: T | '') => void
}

/** A choice of one option, or of all. */
export function Filter<T extends string>({ all, options, ...props }: FilterProps<T>) {
  return <Select<T | ''> options={[{ value: '', name: all }, ...options]} {...props} />
}
