export { catalog } from '../../../tollgate.config.ts'
