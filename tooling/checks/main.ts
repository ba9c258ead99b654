import { tool } from '../run/process.mjs'
import { type Check, CheckFailure, runNode } from './check.ts'
import { folders } from './folders.ts'
import { lock } from './lock.ts'
import { packages } from './packages.ts'
import { schemaDrift } from './schema-drift.ts'

const checks: Check[] = [
  {
    name: 'format and lint',
    run: async () => {
      await runNode({
        args: [
          tool('@biomejs/biome', 'biome'),
          'ci',
          '--colors=off',
          '--error-on-warnings',
          '--max-diagnostics=50',
          '.',
        ],
        remedy: 'npm run format mends the format and what is safe; the rest needs a look.',
      })
      return 'also sizes of files and functions, unused code, clock and environment'
    },
  },
  {
    name: 'types',
    run: async () => {
      const args = [
        tool('turbo'),
        'run',
        'typecheck',
        '--continue',
        '--concurrency=100%',
        '--output-logs=errors-only',
      ]
      await runNode({ args, remedy: 'Mend the types.' })
      return 'strict, in every package'
    },
  },
  {
    name: 'boundaries',
    run: async () => {
      const config = '--config=tooling/checks/boundaries.config.mjs'
      const args = [tool('dependency-cruiser', 'depcruise'), config, '--output-type=err-long']
      await runNode({
        args: [...args, 'apps', 'packages', 'tooling'],
        remedy: 'Each rule above says what to do instead.',
      })
      return 'the arrows between packages hold'
    },
  },
  { name: 'folders', run: folders },
  {
    name: 'dead code',
    run: async () => {
      await runNode({
        args: [tool('knip'), '--no-progress'],
        remedy: 'Remove it, or use it. knip.json lists what is used in ways that knip cannot see.',
      })
      return 'no unused file, export or dependency'
    },
  },
  { name: 'lock', run: lock },
  { name: 'schema drift', run: schemaDrift },
  { name: 'packages', run: packages },
]

/** Runs the checks that are named, or all; the rest still run after one has failed. */
async function main(names: string[]): Promise<void> {
  for (const check of checks.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const start = performance.now()
    const outcome = await check.run().catch((error: unknown) => {
      process.exitCode = 1
      return error instanceof CheckFailure
        ? error
        : new Error(`${check.name} broke`, { cause: error })
    })
    const seconds = ((performance.now() - start) / 1000).toFixed(1)
    if (typeof outcome === 'string') console.log(`✓ ${check.name} (${seconds} s): ${outcome}`)
    else
      console.error(
        `✗ ${check.name}\n${outcome instanceof CheckFailure ? outcome.message : outcome.stack}`,
      )
  }
}

await main(process.argv.slice(2))
