import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import base from '../../vitest.config.ts'

/** What goes wrong around a deployment, on real programs: `npm run test:faults`. */
export default defineConfig({
  ...base,
  root: fileURLToPath(new URL('../..', import.meta.url)),
  test: {
    ...base.test,
    include: ['tooling/faults/**/*.fault.ts'],
    globalSetup: ['@tollgate/testing/global-setup'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
})
