import { defineConfig } from 'tsdown'
import { program } from '../tsdown.ts'

export default defineConfig(program('main', 'dev', 'tollgate', 'end-with-parent'))
