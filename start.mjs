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
import('./apps/bursar/main.ts').catch(function (error) {
  const missing = error && error.code === 'ERR_MODULE_NOT_FOUND'
  console.error(
    missing ? 'A package is missing. Run "npm ci" first. (' + error.message + ')' : error,
  )
  process.exit(1)
})
