import { prepareSchemas } from './cache.ts'

/** Prepares the schemas before the first test. */
export default prepareSchemas
