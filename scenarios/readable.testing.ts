/** What keeps somebody from reading a page: what axe calls serious or critical, and scrolling sideways. */
import assert from 'node:assert/strict'
import fs from 'node:fs'
import { fileURLToPath } from 'node:url'
import type axe from 'axe-core'
import type { Page } from 'playwright-core'

/** A page compiles it anew: without its comments that is half as long. */
const source = fs.readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')

/**
 * Empty for a page that can be read; else a sentence per flaw, with the elements it was found at.
 *
 * axe's own wrapper for the browser takes 700 ms a page more: it passes its source in twice, and tells
 * of every rule that held. What it would load beforehand (every style, for an experimental rule that is not asked;
 * sounds, for one that is never serious) is up to a third of what it takes.
 */
export async function flawsOf(page: Page): Promise<string[]> {
  const wide = Number(await page.evaluate('document.documentElement.scrollWidth - innerWidth'))
  const scrolls = wide > 0 ? [`it is ${wide} pixels wider than the screen`] : []
  if (await page.evaluate('!window.axe')) await page.evaluate(source)
  const { violations } = await page.evaluate<axe.AxeResults>(
    `axe.run(document, { resultTypes: ['violations'], preload: false })`,
  )
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  return [...scrolls, ...serious.map(({ id, nodes }) => `${id} at ${places(nodes)}`)]
}

export const isReadable = async (page: Page): Promise<void> =>
  assert.deepEqual(await flawsOf(page), [])

const places = (nodes: readonly axe.NodeResult[]) =>
  nodes.map(({ target, html }) => `${target.join(' ')}: ${html}`).join(', ')
