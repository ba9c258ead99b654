/** An address of which nothing is known. */
export const BLANK_ADDRESS = {
  city: null,
  country: null,
  line1: null,
  line2: null,
  postal_code: null,
  state: null,
}

/** A recipient with the whole address; what was not given is null. */
export function recipientOf<A extends object>(given: {
  address: A
  name: string
  phone?: string | null | undefined
}) {
  const { address, name, phone = null } = given
  return { address: { ...BLANK_ADDRESS, ...address }, name, phone }
}
