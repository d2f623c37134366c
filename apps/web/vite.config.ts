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

export default defineConfig({
  root: folder,
  plugins: [react(), pressed],
  resolve: { alias: { typebox: join(folder, 'src/app/schemas.ts') } },
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2023', chunkSizeWarningLimit: 900 },
  server: { proxy: { '/v1': api } },
})
