import { defineConfig } from 'tsdown'
import { installed } from '../../tooling/tsdown.ts'

export default defineConfig(installed('main'))
