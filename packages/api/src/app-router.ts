import type { TRPCBuiltRouter, TRPCMutationProcedure, TRPCQueryProcedure } from '@trpc/server'
import type { appRouter } from './router.ts'

/** The part of a catalogue that types are made from; every catalogue of `definePlans` has it. */
export interface CatalogIds {
  readonly meterIds: readonly string[]
  readonly planIds: readonly string[]
  readonly packIds?: readonly string[]
  readonly featureIds?: readonly string[]
  readonly features?: Readonly<Record<string, { readonly type: 'boolean' | 'number' }>>
}

type Router = typeof appRouter

/**
 * The type that clients are built on. With the type of a catalogue, `AppRouter<typeof catalog>`, meters, plans,
 * features and packs are that catalogue's ids, in inputs and outputs alike; without it they are strings.
 */
export type AppRouter<C extends CatalogIds = CatalogIds> = TRPCBuiltRouter<
  Router['_def']['_config']['$types'],
  NamedRecord<Router['_def']['record'], C>
>

type NamedRecord<T, C extends CatalogIds> = {
  [K in keyof T]: T[K] extends TRPCQueryProcedure<infer Def>
    ? TRPCQueryProcedure<NamedDef<Def, C>>
    : T[K] extends TRPCMutationProcedure<infer Def>
      ? TRPCMutationProcedure<NamedDef<Def, C>>
      : NamedRecord<T[K], C>
}

interface ProcedureTypes {
  input: unknown
  output: unknown
  meta: unknown
}

type NamedDef<Def extends ProcedureTypes, C extends CatalogIds> = {
  input: Named<Def['input'], C>
  output: Named<Def['output'], C>
  meta: Def['meta']
}

/** The same shape, with a catalogue's ids wherever a schema says MeterName, PlanName, FeatureName or PackName. */
type Named<T, C extends CatalogIds> = T extends string
  ? NamedText<T, C>
  : T extends readonly unknown[]
    ? { [K in keyof T]: Named<T[K], C> }
    : IsByFeature<T> extends true
      ? FeaturesOf<C>
      : T extends object
        ? { [K in keyof T as NamedKey<K, C>]: Named<T[K], C> }
        : T

/** Whether the keys of a record are ids of features. Each key by itself: `keyof keyof T` loses their mark. */
type IsByFeature<T> = 'feature' extends keyof {
  [K in keyof T as '~feature' extends keyof K ? 'feature' : never]: true
}
  ? true
  : false

/** Every feature of a catalogue with the type of its value. */
type FeaturesOf<C extends CatalogIds> = {
  [F in FeatureIdOf<C>]: FeatureValueOf<FeatureTypesOf<C>, F>
}

type FeatureIdOf<C> = C extends { featureIds: readonly (infer F extends string)[] } ? F : string

type FeatureTypesOf<C> = C extends { features: object } ? C['features'] : unknown

type FeatureValueOf<Features, F extends string> =
  Features extends Record<F, { type: unknown }>
    ? Features[F]['type'] extends 'number'
      ? number
      : boolean
    : boolean | number

type NamedText<T extends string, C extends CatalogIds> = '~meter' extends keyof T
  ? C['meterIds'][number]
  : '~plan' extends keyof T
    ? C['planIds'][number]
    : '~feature' extends keyof T
      ? FeatureIdOf<C>
      : '~pack' extends keyof T
        ? PackIdOf<C>
        : T

type PackIdOf<C> = C extends { packIds: readonly (infer K extends string)[] } ? K : string

type NamedKey<K extends PropertyKey, C extends CatalogIds> = K extends string ? NamedText<K, C> : K
