import { readFileSync } from 'node:fs'
import { defineConfig, type Plugin } from 'vite'

/** Puts the licences of the libraries that end up in the page beside it. */
function licences(): Plugin {
  return {
    name: 'licences',
    generateBundle() {
      const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: Record<string, string> }
      const texts = Object.keys(dependencies).map((name) => `${name}\n\n${readFileSync(`node_modules/${name}/LICENSE`, 'utf8').trim()}\n`)
      this.emitFile({ type: 'asset', fileName: 'licences.txt', source: texts.join(`\n${'-'.repeat(80)}\n\n`) })
    },
  }
}

export default defineConfig({
  plugins: [licences()],
  build: {
    // The policy of the page allows nothing inline: every file keeps an address of its own.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: { '/v1': process.env.GRAINS_SERVER ?? 'http://localhost:8080' },
  },
})
