import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

// Months are UTC: code that takes the zone of the machine must fail everywhere, not only far from Greenwich.
process.env['TZ'] = 'Pacific/Auckland'

// Publishable packages are built for others, and run from source here.
const conditions = ['tollgate-source']

export default defineConfig({
  resolve: { conditions: [...conditions, 'module', 'browser', 'development|production'] },
  ssr: { resolve: { conditions: [...conditions, 'module', 'node', 'development|production'] } },
  test: {
    include: ['{apps,packages,tooling}/*/test/**/*.test.{ts,tsx}'],
    globalSetup: [
      '@tollgate/testing/global-setup',
      './packages/stripe-emulator/test/schemas/global-setup.ts',
    ],
    // Most tests wait for a database or a process, so one core is not kept free.
    maxWorkers: Math.max(2, availableParallelism()),
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
