/**
 * The id of a meter. To the schemas it is any string, which core compares with the catalogue; a client that names the
 * catalogue's type gets that catalogue's ids here (see `AppRouter`). The mark exists in types alone.
 */
export type MeterName = string & { readonly '~meter'?: never }

/** The id of a feature; as `MeterName`. */
export type FeatureName = string & { readonly '~feature'?: never }

/** The id of a pack; as `MeterName`. */
export type PackName = string & { readonly '~pack'?: never }

/** The id of a plan; as `MeterName`. */
export type PlanName = string & { readonly '~plan'?: never }
