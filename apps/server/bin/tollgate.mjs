#!/usr/bin/env node
import { tollgate } from '../dist/index.js'

process.exitCode = await tollgate(process.argv.slice(2))
