/** A QR code, drawn as one path so that it prints sharp. Without a size it is as wide as a style sheet says. */
import { encode } from 'uqr'

type Shape = { text: string; label: string; size?: number | null }

export function Qr({ text, label, size = 240 }: Shape) {
  const { data, size: cells } = encode(text, { ecc: 'M', border: 0 })
  const path = data
    .map((line, y) => line.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')).join(''))
    .join('')
  return (
    <span className="qr" style={size === null ? undefined : { width: size + 54 }}>
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
