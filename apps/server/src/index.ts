export { tollgate } from './cli/tollgate.ts'
export type { TollgateConfig } from './config/config-file.ts'
export type { ThemeOptions } from './config/theme.ts'
export type { Mode } from './starter/mode.ts'
