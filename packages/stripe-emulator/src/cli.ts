#!/usr/bin/env node
import { readArguments } from './cli/arguments.ts'
import { runCommand } from './cli/run.ts'

const parsed = readArguments(process.argv.slice(2))
if ('text' in parsed) {
  console[parsed.exitCode === 0 ? 'log' : 'error'](parsed.text)
  process.exitCode = parsed.exitCode
} else {
  await runCommand(parsed)
}
