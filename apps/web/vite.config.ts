import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** `BURSAR_API` names a running server to develop against; its cookies need the same origin. */
const api = process.env['BURSAR_API'] ?? 'http://127.0.0.1:8080'

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  resolve: { alias: { typebox: `${import.meta.dirname}/src/app/schemas.ts` } },
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2023', chunkSizeWarningLimit: 900 },
  server: { proxy: { '/v1': api } },
})
