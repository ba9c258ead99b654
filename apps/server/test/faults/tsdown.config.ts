import { defineConfig } from 'tsdown'
import { program } from '../../../../tooling/tsdown.ts'

export default defineConfig({ ...program(), entry: ['clocked-server.ts'] })
