/** What a phone reads off printed paper: each page of a PDF as a picture at 150 dots an inch, and the codes on it. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { PDFiumLibrary } from '@hyzyla/pdfium'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'

const wasm = readFileSync(fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm')))
prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer } })

/** In millimetres. */
export type Printed = Readonly<{ wide: number; high: number; codes: readonly string[] }>

const dotsPerInch = 150
/** Black on white, the right way up: looking for others takes three times as long. */
const upright = {
  formats: ['QRCode' as const],
  tryRotate: false,
  tryInvert: false,
  tryDownscale: false,
}
const millimetres = (points: number) => Math.round((points / 72) * 25.4)

let engine: ReturnType<typeof PDFiumLibrary.init> | undefined

export async function printed(pdf: Uint8Array): Promise<Printed[]> {
  const library = await (engine ??= PDFiumLibrary.init())
  const document = await library.loadDocument(pdf)
  const pages: Printed[] = []
  try {
    for (const page of document.pages()) {
      const { originalWidth, originalHeight } = page.getOriginalSize()
      const { data, width, height } = await page.render({
        ...{ scale: dotsPerInch / 72, render: 'bitmap', colorSpace: 'BGRA' },
      })
      const image = {
        data: new Uint8ClampedArray(data),
        width,
        height,
        colorSpace: 'srgb' as const,
      }
      const found = await readBarcodes(image, upright)
      const codes = found.filter(one => one.isValid).map(one => one.text)
      pages.push({ wide: millimetres(originalWidth), high: millimetres(originalHeight), codes })
    }
  } finally {
    document.destroy()
  }
  return pages
}
