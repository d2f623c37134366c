/** Text as GBK, which Node reads and does not write: its own reader, turned round once it is needed. */

let known: Map<string, number> | undefined

function turnedRound(): Map<string, number> {
  const places = new Map<string, number>()
  const reader = new TextDecoder('gbk', { fatal: true })
  for (let high = 0x81; high <= 0xfe; high++)
    for (let low = 0x40; low <= 0xfe; low++) {
      if (low === 0x7f) continue
      try {
        const sign = reader.decode(Uint8Array.of(high, low))
        if (!places.has(sign)) places.set(sign, high * 256 + low)
      } catch {
        // Nothing stands at this place.
      }
    }
  return places
}

export function gbk(text: string): Buffer {
  const places = (known ??= turnedRound())
  const bytes: number[] = []
  for (const sign of text) {
    const at = sign.codePointAt(0)! < 0x80 ? undefined : (places.get(sign) ?? 0x3f)
    if (at === undefined) bytes.push(sign.codePointAt(0)!)
    else if (at < 0x100) bytes.push(at)
    else bytes.push(at >> 8, at & 0xff)
  }
  return Buffer.from(bytes)
}
