/**
 * Mends package-lock.json after `npm install`; run it each time (`npm run fixlock`).
 *
 * A package with a native part names one optional package per platform. Where a registry lacks some
 * of them, `npm install` leaves them out of the lock without a word, and the next `npm ci` refuses:
 * "Missing: … from lock file". Here they are written back, each bound to its own platform, so that
 * no other platform ever asks for it. A lock that is whole is left as it is.
 *
 * Plain JavaScript: it must also run on the Node that the machine came with.
 */
import { readFileSync, writeFileSync } from 'node:fs'

const systems = 'aix android darwin freebsd linux netbsd openbsd openharmony sunos win32'.split(' ')
const processors = 'arm64 loong64 mips64el ppc64 riscv64 s390x wasm32 ia32 x64 arm'.split(' ')

/** Where Node would find `name` from the package in `from`: its own node_modules, then each above. */
function isThere(packages, from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    if (packages[`${folder && `${folder}/`}node_modules/${name}`]) return true
    if (folder === '') return false
  }
}

/** The platform that a package's name speaks of; one that names none gets a platform nobody has. */
function platform(name) {
  const words = name.replace('windows', 'win32').split(/[^a-z0-9]+/)
  const of = known => [known.find(one => words.some(word => word.startsWith(one))) ?? 'none']
  return {
    os: of(systems),
    cpu: of(processors),
    ...(words.includes('musl') ? { libc: ['musl'] } : {}),
  }
}

function missing(packages) {
  const found = new Map()
  for (const [folder, { dev, optionalDependencies = {} }] of Object.entries(packages))
    for (const [name, range] of Object.entries(optionalDependencies)) {
      const version = /\d+\.\d+\.\d+\S*/.exec(range)?.[0]
      if (!version || isThere(packages, folder, name)) continue
      const use = dev ? { dev } : {}
      found.set(`node_modules/${name}`, { version, ...use, optional: true, ...platform(name) })
    }
  return found
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'))
const added = missing(lock.packages)
const entries = [...Object.entries(lock.packages), ...added]
lock.packages = Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)))
if (added.size > 0) writeFileSync('package-lock.json', `${JSON.stringify(lock, null, 2)}\n`)
console.log(`${added.size} platform packages written back`)
