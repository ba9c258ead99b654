import { defineConfig } from 'tsdown'
import { library } from '../../tooling/tsdown.ts'

export default defineConfig(library())
