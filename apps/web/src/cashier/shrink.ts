/** A photo from a phone, small enough for a menu: upright, 960 pixels at most, JPEG. Undefined where the browser cannot read it. */
const longest = 960

export async function shrunk(file: Blob): Promise<Blob | undefined> {
  let read: ImageBitmap
  try {
    read = await createImageBitmap(file, { imageOrientation: 'from-image' })
  } catch {
    return undefined
  }
  const scale = Math.min(1, longest / Math.max(read.width, read.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(read.width * scale))
  canvas.height = Math.max(1, Math.round(read.height * scale))
  const on = canvas.getContext('2d')
  if (!on) return undefined
  // JPEG knows no transparency: what is empty is white, as the paper is.
  on.fillStyle = '#fff'
  on.fillRect(0, 0, canvas.width, canvas.height)
  on.drawImage(read, 0, 0, canvas.width, canvas.height)
  read.close()
  return await new Promise(done =>
    canvas.toBlob(blob => done(blob ?? undefined), 'image/jpeg', 0.85),
  )
}

export async function base64Of(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer())
  let text = ''
  for (let at = 0; at < bytes.length; at += 32_768)
    text += String.fromCharCode(...bytes.subarray(at, at + 32_768))
  return btoa(text)
}
