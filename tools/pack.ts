/** `npm run pack`: money/ and ledger/ as tarballs in dist/, for `npm install` or `npm publish`. */
import { join } from 'node:path'
import { packAll } from './packages.ts'

for (const file of packAll(join(import.meta.dirname, '../dist'))) console.log(file)
