import { type FormEvent, useState } from 'react'

/** Why the server refused. */
export interface FormFailure {
  status: number
  message?: string | undefined
}

/** Sends a form. The result is the failure, or null. */
export type SendForm = (fields: FormData) => Promise<FormFailure | null>

/** A form that is sent to the server: what it answered, and whether it is under way. `keepsPending`: once it succeeded, the page is left. */
export function useForm(send: SendForm, { keepsPending = false } = {}) {
  const [failure, setFailure] = useState<FormFailure | null>(null)
  const [pending, setPending] = useState(false)
  const submit = async (form: HTMLFormElement) => {
    setPending(true)
    setFailure(null)
    const failed = await send(new FormData(form))
    setFailure(failed)
    if (failed || !keepsPending) setPending(false)
    if (!failed) form.reset()
  }
  return {
    failure,
    pending,
    submit: (event: FormEvent<HTMLFormElement>) => {
      event.preventDefault()
      if (!pending) void submit(event.currentTarget)
    },
  }
}

export function failureText({ status, message }: FormFailure): string {
  if (status === 0 || (status >= 500 && message === undefined)) {
    return 'The server can’t be reached right now. Try again in a moment.'
  }
  return message ?? 'Check what you entered, then try again.'
}
