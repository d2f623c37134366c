/**
 * Builds the web app when its sources changed: after an install, and at a start. Plain JavaScript, because an
 * install may run it on an old Node. A failed build fails no install: the next start tries again and says why.
 *
 *   node tools/web.mjs            builds if something changed
 *   buildWeb() → the built folder, or undefined with the reason on the console
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const web = path.join(root, 'apps/web')
const dist = path.join(web, 'dist')
const stamp = path.join(dist, '.sources')
const left = /^(node_modules|dist.*|test-results)$/
const half = `${dist}.${process.pid}`

/** What the built app is made of. */
const sources = ['apps/web', 'contract', 'money', 'package-lock.json'].map(name =>
  path.join(root, name),
)

/** @returns {Promise<string | undefined>} */
export async function buildWeb({ say = console.log } = {}) {
  if (!fs.existsSync(path.join(web, 'index.html'))) return undefined
  const now = fingerprint()
  if (builtFrom(now)) return dist
  say('Building the web app …')
  try {
    const failure = await vite(half)
    if (failure !== undefined) {
      say(`The web app could not be built:\n${failure}`)
      return fs.existsSync(stamp) ? dist : undefined
    }
    fs.writeFileSync(path.join(half, '.sources'), now)
    replace(now)
    return dist
  } finally {
    fs.rmSync(half, { recursive: true, force: true })
  }
}

const builtFrom = now => fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === now

/** Somebody who began at the same time may have been faster, and may serve it already: then theirs stays. */
function replace(now) {
  if (builtFrom(now)) return
  try {
    fs.rmSync(dist, { recursive: true, force: true })
    fs.renameSync(half, dist)
  } catch (error) {
    if (!builtFrom(now)) throw error
  }
}

function fingerprint() {
  const hash = createHash('sha256')
  for (const file of sources.flatMap(files))
    hash
      .update(`${path.relative(root, file)}\n`)
      .update(fs.readFileSync(file))
      .update('\n')
  return hash.digest('hex')
}

function files(name) {
  if (!fs.existsSync(name)) return []
  if (fs.statSync(name).isFile()) return [name]
  const inside = fs.readdirSync(name).filter(one => !left.test(one) && !one.endsWith('.test.ts'))
  return inside.sort().flatMap(one => files(path.join(name, one)))
}

/** @returns {Promise<string | undefined>} what went wrong */
function vite(outDir) {
  const program = path.join(root, 'node_modules/vite/bin/vite.js')
  if (!fs.existsSync(program)) return Promise.resolve('vite is not installed; run "npm ci"')
  const args = [program, 'build', '--outDir', outDir, '--emptyOutDir', '--logLevel', 'warn']
  return new Promise(resolve => {
    const build = spawn(process.execPath, args, {
      cwd: web,
      env: { ...process.env, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    process.once('SIGTERM', () => build.kill())
    let told = ''
    for (const out of [build.stdout, build.stderr]) out.on('data', text => (told += text))
    build.once('error', error => resolve(error.message))
    build.once('exit', code => resolve(code === 0 ? undefined : told.trim().slice(0, 1500)))
  })
}

if (process.argv[1] && import.meta.url === pathToFileURL(fs.realpathSync(process.argv[1])).href)
  await buildWeb().catch(error => console.log(`The web app could not be built: ${error.message}`))
