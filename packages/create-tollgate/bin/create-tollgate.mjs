#!/usr/bin/env node
// Read by every Node, so that one that is too old says so.
const [major, minor] = process.versions.node.split('.').map(Number)

if (major > 20 || (major === 20 && minor >= 19)) {
  const { main } = await import('../dist/main.js')
  process.exitCode = await main(process.argv.slice(2), process.env)
} else {
  console.error(`Node ${process.versions.node} is too old: Tollgate needs 20.19 or newer.`)
  process.exitCode = 1
}
