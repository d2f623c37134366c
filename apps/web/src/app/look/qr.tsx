/** A QR code, drawn as one path so that it prints sharp. */
import { encode } from 'uqr'

export function Qr({ text, label, size = 240 }: { text: string; label: string; size?: number }) {
  const { data, size: cells } = encode(text, { ecc: 'M', border: 0 })
  const path = data
    .map((line, y) => line.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')).join(''))
    .join('')
  return (
    <span className="qr" style={{ width: size + 54 }}>
      <svg
        viewBox={`0 0 ${cells} ${cells}`}
        role="img"
        aria-label={label}
        shapeRendering="crispEdges"
      >
        <path d={path} fill="#000" />
      </svg>
    </span>
  )
}
