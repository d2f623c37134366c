/** Reading a table line by line: its encoding, its quotes, its tabs. */

export async function* linesOf(
  bytes: AsyncIterable<Uint8Array>,
  encoding: 'gbk' | 'utf-8',
): AsyncGenerator<string> {
  // GB18030 reads all of GBK, and what has been added to it.
  const reader = new TextDecoder(encoding === 'gbk' ? 'gb18030' : encoding, { fatal: true })
  let rest = ''
  for await (const part of bytes) {
    const lines = (rest + reader.decode(part, { stream: true })).split(/\r?\n/)
    rest = lines.pop() ?? ''
    yield* lines
  }
  rest += reader.decode()
  if (rest) yield rest
}

/** The cells of a line, without the blanks around them. */
export function cells(line: string): string[] {
  if (!line.includes('"')) return line.split(',').map(cell => cell.trim())
  const found: string[] = []
  for (const [, quoted, plain] of line.matchAll(/(?:^|,)(?:\s*"((?:[^"]|"")*)"\s*|([^,]*))/g))
    found.push((quoted?.replaceAll('""', '"') ?? plain ?? '').trim())
  return found
}
