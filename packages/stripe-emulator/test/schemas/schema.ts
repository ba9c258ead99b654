/** The part of JSON Schema that the derived schemas use, with two keywords of our own. */
export interface Schema {
  type?: 'array' | 'boolean' | 'null' | 'number' | 'object' | 'string'
  enum?: (string | number | boolean)[]
  pattern?: string
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  /** The name of a definition that holds here. */
  is?: string
  /** Exactly the alternative that the value claims to be, by its kind and fixed fields, must hold. */
  anyOfThese?: Schema[]
}

/** What a route takes and gives. */
export interface RouteSchema {
  method: string
  /** With `:id` for each part that names an object. */
  path: string
  params: Schema
  response: Schema
}

/** Everything that was derived from one version of the `stripe` package. */
export interface Schemas {
  routes: RouteSchema[]
  /** By type of event. */
  events: Record<string, Schema>
  definitions: Record<string, Schema>
}
