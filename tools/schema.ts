/** `npm run schema`: writes database/schema.sql anew, from a database made by the migrations. */
import { writeFileSync } from 'node:fs'
import { describe } from '@bursar/database/testing'
import { makeTemplate, startThrowaway, testPasswords } from '@bursar/database/testing'
import { urlOf } from '@bursar/database'

const server = await startThrowaway()
try {
  const template = await makeTemplate(server.url)
  const url = urlOf(server.url, template, 'bursar_owner', testPasswords(server.url))
  writeFileSync(new URL('../database/schema.sql', import.meta.url), await describe(url))
} finally {
  await server.stop()
}
