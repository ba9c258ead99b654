import { prepareSchemas } from './cache.ts'

/** Has the schemas ready before the first test. */
export default prepareSchemas
