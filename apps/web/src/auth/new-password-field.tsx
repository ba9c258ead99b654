import { InputField } from '@tollgate/ui'

/** The server refuses shorter ones, and common ones too. */
const MIN_PASSWORD = 8

export function NewPasswordField({ label, name }: { label: string; name: string }) {
  return (
    <InputField
      label={label}
      name={name}
      type="password"
      autoComplete="new-password"
      hint={`At least ${MIN_PASSWORD} characters, and none of the common ones`}
      required
      minLength={MIN_PASSWORD}
      maxLength={128}
    />
  )
}
