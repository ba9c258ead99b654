import { oneOf, required, text } from '../../../http/params/param.ts'
import { shape } from '../../../http/params/shape.ts'
import { TAX_ID_TYPES } from './tax-id-types.ts'

export const taxIdFields = { type: required(oneOf(...TAX_ID_TYPES)), value: required(text) }

/** A tax id: its type and its value. */
export const taxIdParam = shape(taxIdFields)
