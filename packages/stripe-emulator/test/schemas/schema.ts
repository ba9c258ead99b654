/** The part of JSON Schema that the derived schemas use, with two keywords of our own. */
export interface Schema {
  type?: 'array' | 'boolean' | 'null' | 'number' | 'object' | 'string'
  enum?: (string | number | boolean)[]
  pattern?: string
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  /** The name of the definition that applies. */
  is?: string
  /** Alternatives. The one that fits the type and the constant fields of the value must be valid. */
  anyOfThese?: Schema[]
}

/** The schemas of a route. */
export interface RouteSchema {
  method: string
  /** With `:id` for each path parameter. */
  path: string
  params: Schema
  response: Schema
}

/** Everything that was derived from one version of the `stripe` package. */
export interface Schemas {
  routes: RouteSchema[]
  /** By event type. */
  events: Record<string, Schema>
  definitions: Record<string, Schema>
}
