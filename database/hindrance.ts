/** Why the database cannot be used, as one sentence for the person at the console. */
export class Hindrance extends Error {
  override readonly name = 'Hindrance'
}

/** Turns what the file system says into a sentence; anything else stays what it was. */
export function hindranceOf(error: unknown, folder: string): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code
  if (code === 'ENOSPC') return new Hindrance(`The disk that holds ${folder} is full.`)
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM')
    return new Hindrance(`The data folder ${folder} cannot be written to (${code}).`)
  if (code === 'ENOTDIR' || code === 'EEXIST')
    return new Hindrance(`The data folder ${folder} is not a folder.`)
  return error
}
