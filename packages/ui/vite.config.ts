import tailwindcss from '@tailwindcss/vite'
import { defineConfig, type Plugin } from 'vite'

/** Everything that Tailwind declares for a whole page, made ours alone. */
function scoped(): Plugin {
  const everything = '*, :before, :after, ::backdrop'
  const ours = ['', ' *', ' *:before', ' *:after', ' *::backdrop'].map((end) => `.tollgate${end}`)
  return {
    name: 'tollgate:scoped-styles',
    enforce: 'post',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== 'asset') continue
        file.source = String(file.source)
          .replaceAll('--tw-', '--tg-tw-')
          .replaceAll('@layer properties', '@layer tollgate')
          .replaceAll(everything, ours.join(', '))
      }
    },
  }
}

// The stylesheet alone; the components are built by tsdown.
export default defineConfig({
  plugins: [tailwindcss(), scoped()],
  build: {
    emptyOutDir: false,
    // Tailwind has already brought it down to the browsers that it supports.
    cssMinify: false,
    rollupOptions: {
      input: 'src/styles.css',
      output: { assetFileNames: '[name][extname]' },
    },
  },
})
