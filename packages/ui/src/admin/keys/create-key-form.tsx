import { type FormEvent, useState } from 'react'
import type { ApiError, Scope } from '../../api/types.ts'
import { Button } from '../../components/button.tsx'
import { InputField } from '../../components/field.tsx'
import { ErrorNotice } from '../../components/notice.tsx'
import { scopes as allScopes } from '../../format/scopes.ts'
import { endOfDay } from './key-state.ts'

interface NewKey {
  name: string
  scopes: Scope[]
  expiresAt?: string
}

interface CreateKeyFormProps {
  error: ApiError | null
  pending: boolean
  onCreate: (key: NewKey) => void
}

/** What a sibling app that meters needs. */
const USUAL: Scope[] = ['usage:write', 'usage:read']

export function CreateKeyForm({ error, pending, onCreate }: CreateKeyFormProps) {
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<Scope[]>(USUAL)
  const [expires, setExpires] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onCreate({ name: name.trim(), scopes, ...(expires && { expiresAt: endOfDay(expires) }) })
  }
  return (
    <form onSubmit={submit} className="tg:grid tg:gap-5">
      <InputField
        label="Name"
        placeholder="Scraper, production"
        required
        maxLength={255}
        autoComplete="off"
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <ScopeChoice chosen={scopes} onChange={setScopes} />
      <InputField
        label="Expires (optional)"
        type="date"
        hint="The key works until the end of that day, UTC."
        value={expires}
        onChange={(event) => setExpires(event.target.value)}
      />
      {error && <ErrorNotice error={error} what="The key could not be created" />}
      <Button
        type="submit"
        className="tg:justify-self-end"
        pending={pending}
        disabled={name.trim() === '' || scopes.length === 0}
      >
        Create key
      </Button>
    </form>
  )
}

interface ScopeChoiceProps {
  chosen: Scope[]
  onChange: (scopes: Scope[]) => void
}

function ScopeChoice({ chosen, onChange }: ScopeChoiceProps) {
  const toggle = (scope: Scope, on: boolean) =>
    onChange(on ? [...chosen, scope] : chosen.filter((each) => each !== scope))
  return (
    <fieldset>
      <legend className="tg:mb-2 tg:font-medium tg:text-sm">Scopes</legend>
      <div className="tg:grid tg:gap-x-6 tg:gap-y-1 tg:sm:grid-cols-2">
        {allScopes.map(({ scope, text }) => (
          <label
            key={scope}
            className="tg:flex tg:cursor-pointer tg:gap-2.5 tg:rounded-md tg:py-1.5 tg:text-sm"
          >
            <input
              type="checkbox"
              checked={chosen.includes(scope)}
              onChange={(event) => toggle(scope, event.target.checked)}
              className="tg:mt-0.5 tg:size-4 tg:shrink-0 tg:cursor-pointer tg:rounded-sm tg:accent-primary tg:outline-none tg:focus-visible:ring-2 tg:focus-visible:ring-ring tg:focus-visible:ring-offset-2 tg:focus-visible:ring-offset-popover"
            />
            <span>
              <code className="tg:font-mono tg:text-xs">{scope}</code>
              <span className="tg:block tg:text-muted-foreground tg:text-xs">{text}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
