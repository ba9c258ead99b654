import { tollgate } from '../src/index.ts'

process.exitCode = await tollgate(process.argv.slice(2))
