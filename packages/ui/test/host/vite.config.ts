import { defineConfig } from 'vite'

// As in any project that has installed @tollgate/ui: no Tailwind, and the package as it is built.
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  logLevel: 'error',
  build: { target: 'esnext', modulePreload: { polyfill: false } },
})
