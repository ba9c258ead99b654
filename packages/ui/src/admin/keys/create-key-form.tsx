import { type FormEvent, useState } from 'react'
import type { ApiError, Scope } from '../../api/types.ts'
import { Button } from '../../components/button.tsx'
import { InputField } from '../../components/field.tsx'
import { ErrorNotice } from '../../components/notice.tsx'
import { keysOf, scopeNames } from '../../format/names.ts'
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
    <form onSubmit={submit} className="grid gap-5">
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
        className="justify-self-end"
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
      <legend className="mb-2 font-medium text-sm">Scopes</legend>
      <div className="grid gap-x-6 gap-y-1 sm:grid-cols-2">
        {keysOf(scopeNames).map((scope) => (
          <label key={scope} className="flex cursor-pointer gap-2.5 rounded-md py-1.5 text-sm">
            <input
              type="checkbox"
              checked={chosen.includes(scope)}
              onChange={(event) => toggle(scope, event.target.checked)}
              className="mt-0.5 size-4 shrink-0 cursor-pointer rounded-sm accent-primary outline-none focus-visible:ring-2 focus-visible:ring-ring focus-visible:ring-offset-2 focus-visible:ring-offset-popover"
            />
            <span>
              <code className="font-mono text-xs">{scope}</code>
              <span className="block text-muted-foreground text-xs">{scopeNames[scope]}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
