import { invalidRequest } from '../../core/errors.ts'
import { decimalOf } from '../../core/money.ts'
import { decimal } from '../../http/params/decimal.ts'
import { limitedList, webUrl } from '../../http/params/limits.ts'
import type { Param } from '../../http/params/param.ts'
import {
  boolean,
  emptyable,
  oneOf,
  required,
  text,
  textUpTo,
  unsupported,
} from '../../http/params/param.ts'
import type { ShapeOf } from '../../http/params/shape.ts'
import { metadata, shape } from '../../http/params/shape.ts'

/** At most 22 characters, none of which a bank could misread (JSDoc of the `stripe` package). */
const statementDescriptor: Param<string> = {
  read(value, name) {
    const given = textUpTo(22).read(value, name)
    const [forbidden] = /[<>\\"']/.exec(given) ?? []
    if (forbidden !== undefined) {
      throw invalidRequest(`The statement descriptor cannot include ${forbidden}.`, { param: name })
    }
    if (/[a-z]/i.test(given)) return given
    throw invalidRequest('The statement descriptor must contain at least one Latin character.', {
      param: name,
    })
  },
}

const description = textUpTo(40_000)

/** A tax code; the emulator does not know which there are. */
const taxCode: Param<string> = {
  read(value, name) {
    const given = text.read(value, name)
    if (/^txcd_\d{8}$/.test(given)) return given
    throw invalidRequest(`No such tax code: '${given}'`, { code: 'resource_missing', param: name })
  },
}

/** Inches or ounces, to two decimals. */
const measure: Param<number> = {
  read(value, name) {
    const given = decimal().read(value, name)
    if (decimalOf(given) > 0n && (given.split('.')[1] ?? '').length <= 2) return Number(given)
    throw invalidRequest('Package dimensions must be positive, with at most 2 decimal places.', {
      param: name,
    })
  },
}

const packageDimensions = shape({
  height: required(measure),
  length: required(measure),
  weight: required(measure),
  width: required(measure),
})

const features = limitedList(15, shape({ name: required(textUpTo(80)) }))
const images = limitedList(8, webUrl)
const unitLabel = textUpTo(12)

/** The parameters of every product that a price makes. */
export const inlineProductFields = {
  metadata,
  name: required(text),
  tax_code: taxCode,
  tax_details: unsupported,
  unit_label: unitLabel,
}

/** `product_data` of what is bought. */
export const productData = shape({ ...inlineProductFields, description, images })

/** `product_data` of a new price. */
export const newProductData = shape({
  ...inlineProductFields,
  active: boolean,
  id: text,
  statement_descriptor: statementDescriptor,
})

/** The parameters of a new product, without its default price. */
export const createProductFields = {
  ...inlineProductFields,
  active: boolean,
  description,
  id: text,
  images,
  marketing_features: features,
  package_dimensions: packageDimensions,
  shippable: boolean,
  statement_descriptor: statementDescriptor,
  type: oneOf('good', 'service'),
  url: webUrl,
}

export type NewProduct = ShapeOf<typeof createProductFields>

export const updateProductParams = shape({
  active: boolean,
  default_price: emptyable(text),
  description: emptyable(description),
  images: emptyable(images),
  marketing_features: emptyable(features),
  metadata,
  name: text,
  package_dimensions: emptyable(packageDimensions),
  shippable: boolean,
  statement_descriptor: emptyable(statementDescriptor),
  tax_code: emptyable(taxCode),
  tax_details: unsupported,
  unit_label: emptyable(unitLabel),
  url: emptyable(webUrl),
})
