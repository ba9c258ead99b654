export type { FeatureLine, FeatureValues } from './get-features.ts'
export { can, getFeatures, listFeatures } from './get-features.ts'
export type { SetFeatureInput } from './set-feature.ts'
export { setFeature } from './set-feature.ts'
