/** The few signs that the product uses, drawn on one grid with one stroke. */
const paths = {
  back: 'M14.5 5.5 8 12l6.5 6.5',
  next: 'M9.5 5.5 16 12l-6.5 6.5',
  purse:
    'M4 7.5h13.5a2 2 0 0 1 2 2V18a1.5 1.5 0 0 1-1.5 1.5H5.5A1.5 1.5 0 0 1 4 18V6a1.5 1.5 0 0 1 1.5-1.5H16M15.5 13.5h.01',
  scan: 'M4 8.5V5.5A1.5 1.5 0 0 1 5.5 4H8.5M15.5 4h3A1.5 1.5 0 0 1 20 5.5v3M20 15.5v3a1.5 1.5 0 0 1-1.5 1.5h-3M8.5 20h-3A1.5 1.5 0 0 1 4 18.5v-3M4 12h16',
  shop: 'M4 10v9.5h16V10M3.5 9.5 5.5 4.5h13l2 5c0 1.6-1.3 2.5-2.8 2.5s-2.9-.9-2.9-2.5c0 1.6-1.3 2.5-2.8 2.5s-2.9-.9-2.9-2.5c0 1.6-1.3 2.5-2.8 2.5S3.5 11.1 3.5 9.5ZM10 19.5v-4h4v4',
  person:
    'M12 12a3.75 3.75 0 1 0 0-7.5 3.75 3.75 0 0 0 0 7.5ZM5 19.5c.6-3 3.3-4.75 7-4.75s6.4 1.75 7 4.75',
  people:
    'M9.5 11.5a3.25 3.25 0 1 0 0-6.5 3.25 3.25 0 0 0 0 6.5ZM3.5 19c.5-2.8 2.8-4.4 6-4.4s5.5 1.6 6 4.4M16 5.5a3 3 0 0 1 0 5.7M17.5 14.9c1.7.6 2.7 2 3 4.1',
  list: 'M8.5 6.5H20M8.5 12H20M8.5 17.5H20M4.25 6.5h.01M4.25 12h.01M4.25 17.5h.01',
  charge: 'M4.5 4.5h15v15h-15zM8 9.5h8M8 13h8M12 13v4',
  settle: 'M4 19.5h16M5.5 16.5V10M10 16.5V10M14 16.5V10M18.5 16.5V10M3.5 8.5 12 4l8.5 4.5z',
  code: 'M4.5 4.5h6v6h-6zM13.5 4.5h6v6h-6zM4.5 13.5h6v6h-6zM13.5 13.5h2.5v2.5M19.5 13.5v.01M19.5 17v2.5M13.5 19.5H16',
  bell: 'M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4',
  speaker: 'M4 9.75v4.5h3.5l5 4V5.75l-5 4zM16 9.25a4 4 0 0 1 0 5.5M18.5 6.75a7.5 7.5 0 0 1 0 10.5',
  tab: 'M6.5 4h11v16l-2.75-1.75L12 20l-2.75-1.75L6.5 20zM9.5 8.5h5M9.5 12h5',
  seat: 'M4 8.5h16M12 8.5v7.5M8 20l4-4 4 4',
  today: 'M4.5 6h15v13.5h-15zM4.5 10h15M8.5 4v3.5M15.5 4v3.5',
  pool: 'M6 9.5h12M6 14.5h12',
  more: 'M5.5 12h.01M12 12h.01M18.5 12h.01',
  gear: 'M4 7.5h8M16 7.5h4M4 16.5h4M12 16.5h8M14 5.5v4M10 14.5v4',
  shield: 'M12 3.75 5 6.5v5c0 4.2 2.9 7.3 7 8.75 4.1-1.45 7-4.55 7-8.75v-5zM9 12l2.2 2.2L15.2 10',
  search: 'M10.5 16.5a6 6 0 1 0 0-12 6 6 0 0 0 0 12ZM15 15l5 5',
  review: 'M5.5 4.5h13v15h-13zM8.5 12l2.5 2.5 4.5-5',
} as const

export type GlyphName = keyof typeof paths

export const Glyph = ({ name, size = 20 }: { name: GlyphName; size?: number }) => (
  <svg
    width={size}
    height={size}
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    strokeWidth={name === 'more' ? 2.5 : 1.6}
    strokeLinecap="round"
    strokeLinejoin="round"
    aria-hidden="true"
  >
    <path d={paths[name]} />
  </svg>
)

/** The mark: two equal lines. What is held equals what is owed. */
export const Mark = () => (
  <svg width={24} height={24} viewBox="0 0 32 32" aria-hidden="true">
    <rect width="32" height="32" rx="5" fill="currentColor" />
    <path d="M8 12.5h16M8 19.5h16" stroke="var(--onAccent)" strokeWidth="3" />
  </svg>
)
