import { defineConfig } from 'prisma/config'

export default defineConfig({
  schema: 'packages/core/prisma/schema',
  migrations: { path: 'packages/core/prisma/migrations' },
})
