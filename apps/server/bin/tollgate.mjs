#!/usr/bin/env node
// Read by every Node, so that one that is too old says so.
const [major, minor] = process.versions.node.split('.').map(Number)

if (major > 20 || (major === 20 && minor >= 19)) {
  const { tollgate } = await import('../dist/index.js')
  process.exitCode = await tollgate(process.argv.slice(2))
} else {
  console.error(`Node ${process.versions.node} is too old: Tollgate needs 20.19 or newer.`)
  process.exitCode = 1
}
