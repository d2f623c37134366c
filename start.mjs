// Plain JavaScript on purpose: this file must also parse on an old Node, to say what is wrong.
const major = Number(process.versions.node.split('.')[0])
if (major < 24) {
  console.error(
    'Bursar needs Node 24; this is ' +
      process.version +
      ' (' +
      process.execPath +
      ').\n' +
      'Use "npm start": it runs the Node 24 that "npm ci" installed. If that one is missing, run\n' +
      '"npm ci" again without --omit=optional.',
  )
  process.exit(1)
}

start().catch(function (error) {
  const missing = error && error.code === 'ERR_MODULE_NOT_FOUND'
  console.error(
    missing ? 'A package is missing. Run "npm ci" first. (' + error.message + ')' : error,
  )
  process.exit(1)
})

/** Compiled modules are kept, so that the next start reads half as long. */
async function start() {
  const { enableCompileCache } = await import('node:module')
  enableCompileCache(new URL('node_modules/.cache/compiled', import.meta.url).pathname)
  await import('./apps/bursar/main.ts')
}
