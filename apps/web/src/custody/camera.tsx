/**
 * Looks for a QR code through the camera. The decoder is WebAssembly served by ourselves; it is
 * loaded only here. Where there is no camera, or none is allowed, the page below offers typing.
 */
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import wasm from 'zxing-wasm/reader/zxing_reader.wasm?url'
import { Notice } from '../app/look/page.tsx'
import { useWords } from './words.ts'

type Phase = 'starting' | 'looking' | 'off'

/** Frames are looked at five times a second: a hand holds still that long, and a phone stays cool. */
const pause = 200

export function Camera({ found }: { found(text: string): void }) {
  const say = useWords()
  const video = useRef<HTMLVideoElement>(null)
  const [phase, setPhase] = useState<Phase>('starting')
  const report = useEffectEvent(found)
  useEffect(() => {
    const stop = new AbortController()
    const { current } = video
    if (!current) return
    watch(current, stop.signal, () => setPhase('looking'))
      .then(text => text && !stop.signal.aborted && report(text))
      .catch(() => !stop.signal.aborted && setPhase('off'))
    return () => stop.abort()
  }, [])
  return (
    <>
      <div className="viewfinder" hidden={phase === 'off'}>
        <video ref={video} muted playsInline aria-label={say('scanHint')} />
      </div>
      {phase === 'off' ? (
        <Notice tone="wait">{say('cameraOff')}</Notice>
      ) : (
        <p className="fine padded" role="status">
          {phase === 'starting' ? say('cameraStarting') : say('scanHint')}
        </p>
      )}
    </>
  )
}

async function watch(
  video: HTMLVideoElement,
  stop: AbortSignal,
  ready: () => void,
): Promise<string | undefined> {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: 'environment', width: { ideal: 1280 } },
  })
  stop.addEventListener('abort', () => stopAll(stream))
  if (stop.aborted) return stopAll(stream)
  video.srcObject = stream
  await video.play()
  ready()
  const { prepareZXingModule, readBarcodes } = await import('zxing-wasm/reader')
  prepareZXingModule({ overrides: { locateFile: () => wasm } })
  const canvas = document.createElement('canvas')
  const brush = canvas.getContext('2d', { willReadFrequently: true })
  while (brush && !stop.aborted) {
    canvas.width = video.videoWidth
    canvas.height = video.videoHeight
    if (canvas.width > 0) {
      brush.drawImage(video, 0, 0)
      const frame = brush.getImageData(0, 0, canvas.width, canvas.height)
      const [code] = await readBarcodes(frame, { formats: ['QRCode'], maxNumberOfSymbols: 1 })
      if (code?.text) {
        stopAll(stream)
        return code.text
      }
    }
    await new Promise(resolve => setTimeout(resolve, pause))
  }
  return undefined
}

function stopAll(stream: MediaStream): undefined {
  for (const track of stream.getTracks()) track.stop()
}
