import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defaultClientConditions, defineConfig } from 'vite'

/** Where `vite` finds the API while it serves the pages itself; in production both are one origin. */
const api = process.env['APP_URL'] ?? 'http://127.0.0.1:3000'

export default defineConfig({
  plugins: [react(), tailwindcss()],
  resolve: { conditions: ['tollgate-source', ...defaultClientConditions] },
  server: { proxy: { '/api': { target: api, headers: { origin: api } } } },
  build: {
    // Data URLs for small images would need a wider content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The first browsers with light-dark(): older ones would get a substitute that does not inherit.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
  },
})
