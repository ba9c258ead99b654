/**
 * The id of a meter. To the server it is any text, which core holds against the catalogue; a client that names the
 * catalogue's type gets that catalogue's ids here (see `AppRouter`). The mark exists in types alone.
 */
export type MeterName = string & { readonly '~meter'?: never }

/** The id of a plan; as `MeterName`. */
export type PlanName = string & { readonly '~plan'?: never }
