/**
 * Every colour, distance and size of letter, once. The style sheets read them as custom properties
 * (`--ink`, `--space-3`, `--text-m`), antd reads them through theme.tsx, and nothing else names one.
 * Contrast on `paper` is at least 4.5:1 for letters and 3:1 for the edges of fields.
 */
export const colours = {
  light: {
    paper: '#ffffff',
    wash: '#f7f7f5',
    line: '#e4e4df',
    edge: '#868b91',
    ink: '#14171b',
    soft: '#585e65',
    accent: '#1c4b82',
    press: '#143862',
    onAccent: '#ffffff',
    tint: '#edf2f8',
    good: '#1b6a3a',
    wait: '#875300',
    bad: '#ab291e',
    idle: '#585e65',
  },
  dark: {
    paper: '#14171a',
    wash: '#1b1f23',
    line: '#2c3237',
    edge: '#747c84',
    ink: '#e9ebed',
    soft: '#a4acb4',
    accent: '#8fb9ef',
    press: '#b4d0f5',
    onAccent: '#0d1b2b',
    tint: '#1c2937',
    good: '#70c98f',
    wait: '#dfae57',
    bad: '#f08d81',
    idle: '#a4acb4',
  },
} as const

export type Shade = keyof typeof colours
export type Tone = 'good' | 'wait' | 'bad' | 'idle'

/** Distances in pixels, each about one and a half times the one before. */
export const space = [0, 4, 8, 12, 16, 24, 32, 48, 64] as const

/** Sizes of letters in pixels: fine print, labels, text, headings, figures, the one figure of a page. */
export const text = { xs: 12, s: 13, m: 15, l: 18, xl: 24, xxl: 40 } as const

export const typeface =
  "'Noto Sans SC Variable', 'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei', system-ui, sans-serif"

/** `round` of corners; `phone` and `desk` are the widest column of each; `wide` begins the desk layout. */
export const shape = { round: 4, phone: 560, desk: 1200, wide: 900 } as const

/** Writes the tokens to the page as custom properties. Set through the DOM, so a strict CSP allows it. */
export function putOnPage(shade: Shade): void {
  const style = document.documentElement.style
  for (const [name, value] of Object.entries(colours[shade])) style.setProperty(`--${name}`, value)
  space.forEach((pixels, step) => style.setProperty(`--space-${step}`, `${pixels}px`))
  for (const [name, pixels] of Object.entries(text))
    style.setProperty(`--text-${name}`, `${pixels / 16}rem`)
  style.setProperty('--round', `${shape.round}px`)
  style.setProperty('--phone', `${shape.phone}px`)
  style.setProperty('--desk', `${shape.desk}px`)
  style.setProperty('--typeface', typeface)
  style.setProperty('color-scheme', shade)
}
