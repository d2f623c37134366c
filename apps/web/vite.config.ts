import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const folder = import.meta.dirname
/** `BURSAR_API` names a running server to develop against; its cookies need the same origin. */
const api = process.env['BURSAR_API'] ?? 'http://127.0.0.1:8080'

/** Lays a `.br` beside each text file of the build; the server sends it as it is. A quarter of the bytes. */
const pressed: Plugin = {
  name: 'pressed',
  apply: 'build',
  writeBundle({ dir }) {
    const assets = join(dir ?? '', 'assets')
    for (const name of readdirSync(assets)) {
      if (!/\.(js|css|wasm)$/.test(name)) continue
      const params = { [constants.BROTLI_PARAM_QUALITY]: 9 }
      const bytes = brotliCompressSync(readFileSync(join(assets, name)), { params })
      writeFileSync(join(assets, `${name}.br`), bytes)
    }
  },
}

/** `sw.ts` is told which files the first page needs: the entry, all that it imports at once, and their styles. */
const shell: Plugin = {
  name: 'shell',
  apply: 'build',
  generateBundle(_, bundle) {
    const needs = new Set<string>()
    const add = (file: string) => {
      const one = bundle[file]
      if (needs.has(file) || one?.type !== 'chunk') return
      needs.add(file)
      for (const style of one.viteMetadata?.importedCss ?? []) needs.add(style)
      one.imports.forEach(add)
    }
    const chunks = Object.values(bundle).filter(one => one.type === 'chunk' && one.isEntry)
    for (const { fileName } of chunks) if (fileName !== worker) add(fileName)
    const files = [...needs].map(file => `/${file}`).toSorted()
    const name = createHash('sha256').update(files.join()).digest('hex').slice(0, 16)
    const told = bundle[worker]
    if (told?.type === 'chunk')
      told.code = `const BUILD=${JSON.stringify(name)},SHELL=${JSON.stringify(files)};${told.code}`
  },
}
const worker = 'sw.js'

export default defineConfig({
  root: folder,
  plugins: [react(), shell, pressed],
  resolve: { alias: { typebox: join(folder, 'src/app/schemas.ts') } },
  build: {
    ...{ outDir: 'dist', emptyOutDir: true, target: 'es2023', chunkSizeWarningLimit: 900 },
    rolldownOptions: {
      input: { index: join(folder, 'index.html'), sw: join(folder, 'src/sw.ts') },
      output: {
        entryFileNames: one => (one.name === 'sw' ? worker : 'assets/[name]-[hash].js'),
      },
    },
  },
  server: { proxy: { '/v1': api } },
})
