/**
 * Where a throw-away folder lies: in memory where Linux has room for it there, for a database is a thousand
 * small files, and making and unmaking them is most of what a clone costs. TMPDIR, where it is set, is obeyed.
 */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

const memory = '/dev/shm'
/** A run's databases need a few hundred; a container's /dev/shm has 64. */
const megabytesLeast = 3 * 1024

/** Every place where one can lie. */
export const scratchPlaces = (): readonly string[] => [...new Set([place(), os.tmpdir()])]

/** Everybody may look into it: PostgreSQL, when we are root, is somebody else. */
export function newScratch(name: string): string {
  const folder = fs.mkdtempSync(path.join(place(), name))
  fs.chmodSync(folder, 0o755)
  return folder
}

function place(): string {
  if (process.env['TMPDIR'] || !fs.existsSync(memory)) return os.tmpdir()
  const { bavail, bsize } = fs.statfsSync(memory)
  const roomy = (bavail * bsize) / 2 ** 20 > megabytesLeast
  return roomy && mayWrite(memory) ? memory : os.tmpdir()
}

function mayWrite(folder: string): boolean {
  try {
    fs.accessSync(folder, fs.constants.W_OK)
    return true
  } catch {
    return false
  }
}
