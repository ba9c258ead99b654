import type Stripe from 'stripe'

/**
 * The JSON form of a type of the `stripe` package, as the API sends it unexpanded: decimals are
 * strings, and a reference is the id of its object, never the object.
 */
export type Wire<T> = T extends string | number | boolean | null | undefined | void
  ? T
  : T extends Stripe.Decimal
    ? string
    : T extends readonly (infer Item)[]
      ? WireField<Item>[]
      : T extends object
        ? { [Key in keyof T]: WireField<T[Key]> }
        : T

type WireField<T> = string extends T ? Exclude<T, { object: string }> : Wire<T>
