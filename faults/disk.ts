/**
 * A disk of its own to strike: a file with ext4 in it, mounted over a loop device. The power cut is the
 * file system's own shutdown, without a flush: what had not been synced is gone, as with real power. It
 * does not play a disk whose cache lies, sectors out of order or torn pages.
 */
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statfsSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const megabyte = 2 ** 20
/** EXT4_IOC_SHUTDOWN, with EXT4_GOING_FLAGS_NOLOGFLUSH; perl is there wherever Debian is. */
const shutdown = `open(my $at, "<", $ARGV[0]) or die "$!"; my $how = pack("L", 2);
  ioctl($at, 0x8004587d, $how) or die "$!"`

function run(program: string, ...words: string[]): void {
  const { status, error, stderr } = spawnSync(program, words, { encoding: 'utf8' })
  if (status !== 0)
    throw new Error(`${program} ${words.join(' ')}: ${error?.message ?? stderr.trim()}`)
}

export class Disk {
  readonly #home: string
  readonly #image: string
  readonly #mount: string
  readonly #filler: string

  private constructor(home: string) {
    this.#home = home
    this.#image = path.join(home, 'image')
    this.#mount = path.join(home, 'disk')
    this.#filler = path.join(this.#mount, 'filler')
  }

  static make(megabytes: number): Disk {
    const home = mkdtempSync(path.join(tmpdir(), 'bursar-disk-'))
    const disk = new Disk(home)
    try {
      chmodSync(home, 0o755)
      mkdirSync(disk.#mount)
      writeFileSync(disk.#image, '')
      truncateSync(disk.#image, megabytes * megabyte)
      run('mkfs.ext4', '-q', '-F', '-m', '0', disk.#image)
      run('mount', '-o', 'loop', disk.#image, disk.#mount)
      chmodSync(disk.#mount, 0o755)
      return disk
    } catch (error) {
      rmSync(home, { recursive: true, force: true })
      throw error
    }
  }

  get folder(): string {
    return path.join(this.#mount, 'data')
  }

  sync(): void {
    run('sync', '-f', this.#mount)
  }

  cut(): void {
    run('perl', '-e', shutdown, this.#mount)
  }

  /** After a cut, when nobody has a file open any more. */
  async again(): Promise<void> {
    await this.#unmount()
    run('mount', '-o', 'loop', this.#image, this.#mount)
  }

  /** Leaves so many bytes. Others write meanwhile: of what was free when it was asked some may be taken. */
  fill(leave: number): void {
    for (let tries = 1; ; tries++) {
      this.free()
      const { bavail, bsize } = statfsSync(this.#mount)
      const taken = (tries - 1) * 2 ** 19
      const wanted = Math.max(bsize, bavail * bsize - leave - taken)
      try {
        return run('fallocate', '-l', String(wanted), this.#filler)
      } catch (error) {
        if (tries === 20 || !/No space left/.test(String(error))) throw error
      }
    }
  }

  free(): void {
    rmSync(this.#filler, { force: true })
  }

  async remove(): Promise<void> {
    await this.#unmount()
    rmSync(this.#home, { recursive: true, force: true })
  }

  /** A process that was killed holds its files for a moment longer. */
  async #unmount(): Promise<void> {
    for (let tries = 0; ; tries++)
      try {
        return run('umount', this.#mount)
      } catch (error) {
        if (tries === 100) throw error
        await sleep(50)
      }
  }
}

/** Why there can be no such disk on this machine; undefined if there can. */
export async function diskHindrance(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'only root may mount a disk of its own'
  try {
    const disk = Disk.make(16)
    disk.cut()
    await disk.remove()
    return undefined
  } catch (error) {
    return `a disk of its own cannot be had here: ${(error as Error).message}`
  }
}
