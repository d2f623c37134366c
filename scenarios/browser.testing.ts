/**
 * `const browser = useBrowser(house)`: people with a browser in their hands. After every test, no page
 * may have broken its security policy, thrown, or written an error to its console.
 */
import assert from 'node:assert/strict'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { after, afterEach, before } from 'node:test'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { findChromium } from './chromium.testing.ts'
import { password, type House, type Who } from './house.testing.ts'
import { filmOf } from './qr.testing.ts'

export type Language = 'zh-CN' | 'en'
type Hold = Readonly<{
  language?: Language
  /** Their first page, where it is not the one that the app chooses: a page less to load. */
  at?: string
  /** Signs in on the page, as a person does it; else the door is opened as the page would. */
  byHand?: boolean
  /** The app may keep its files on the device (sw.ts): a third of what pages cost, so only who asks has it. */
  keeps?: boolean
}>
export type People = Readonly<{
  /** Somebody at the door, at a phone. */
  visitor(hold?: Hold): Promise<Page>
  /** Somebody who has signed in, at a phone or at a desk. */
  phone(who: Who, hold?: Hold): Promise<Page>
  desk(who: Who, hold?: Hold): Promise<Page>
  /** From now on it is this that microphones hear, from its beginning whenever one is opened. */
  hear(sound: Buffer): void
  /** The device is wiped and handed to who comes next: a new one is 0.7 s of processor more. */
  close(page: Page): Promise<void>
}>

const sizes = { phone: { width: 390, height: 844 }, desk: { width: 1440, height: 900 } } as const

/** Pages live for seconds: code that is made fast for later costs more than it saves. */
const soonGone = '--js-flags=--no-opt,--no-maglev'
/** Else it keeps a process ready for the next page, 0.16 s of processor each. Devices share none even so. */
const noneReady = '--renderer-process-limit=1'

/**
 * `sees` is what the camera is held at. Our own fonts are a quarter of what a page costs: only who reads
 * every page through needs them, elsewhere Chromium writes with what it has.
 */
export function useBrowser(house: House, sees: () => string, { fonts = false } = {}): People {
  const flaws: string[] = []
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bursar-scenario-'))
  const launched = house.ready.then(async (): Promise<Browser> => {
    const film = path.join(folder, 'code.y4m')
    filmOf(sees(), film)
    const { executablePath, env } = await findChromium()
    const camera = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream']
    const args = ['--no-sandbox', soonGone, noneReady, ...camera]
    args.push(`--use-file-for-fake-video-capture=${film}`)
    args.push(`--use-file-for-fake-audio-capture=${path.join(folder, 'voice.wav')}`)
    if (!fonts) args.push('--disable-remote-fonts')
    return await chromium.launch({ executablePath, env, args })
  })
  before(() => launched)
  after(async () => {
    await (await launched).close()
    fs.rmSync(folder, { recursive: true, force: true })
  })
  afterEach(() =>
    assert.deepEqual(flaws.splice(0), [], 'no page broke its policy or wrote an error'),
  )

  const devices = handedOn(house)

  async function visit(size: keyof typeof sizes, hold: Hold = {}): Promise<Page> {
    const { language = 'zh-CN', keeps = false } = hold
    const given = keeps ? undefined : devices.take(language)
    if (given) await given.setViewportSize(sizes[size])
    return given ?? (await another(size, language, keeps))
  }
  async function another(size: keyof typeof sizes, language: Language, keeps: boolean) {
    const browser = await launched
    const context = await browser.newContext({
      ...{ viewport: sizes[size], locale: language, timezoneId: 'Asia/Shanghai' },
      ...{ permissions: ['camera', 'microphone'], reducedMotion: 'reduce' },
      serviceWorkers: keeps ? 'allow' : 'block',
    })
    context.setDefaultTimeout(15_000)
    await listen(context, flaws)
    const page = await context.newPage()
    if (!keeps) devices.add(page, language)
    return page
  }
  async function open(who: Who, size: keyof typeof sizes, hold: Hold = {}): Promise<Page> {
    const page = await visit(size, hold)
    if (hold.byHand) await page.goto(`${house.origin}/sign-in`)
    await (hold.byHand ? signIn(page, who) : openDoor(page, house.origin, who, hold.at))
    return page
  }
  return {
    visitor: hold => visit('phone', hold),
    phone: (who, hold) => open(who, 'phone', hold),
    desk: (who, hold) => open(who, 'desk', hold),
    hear: sound => fs.writeFileSync(path.join(folder, 'voice.wav'), sound),
    close: devices.leave,
  }
}

/** Devices that nobody holds now, wiped, by their language. */
function handedOn(house: House) {
  const left: Record<Language, Page[]> = { 'zh-CN': [], en: [] }
  const languageOf = new Map<Page, Language>()
  return {
    add: (page: Page, language: Language) => void languageOf.set(page, language),
    take: (language: Language) => left[language].pop(),
    async leave(page: Page): Promise<void> {
      const language = languageOf.get(page)
      if (!language || page.context().pages().length > 1) return await page.context().close()
      await wipe(page, house.origin)
      left[language].push(page)
    },
  }
}

/** Nothing of who had it stays; a picture of the house is a page where its storage can be reached. */
async function wipe(page: Page, origin: string): Promise<void> {
  await page.unrouteAll({ behavior: 'ignoreErrors' })
  await page.goto(`${origin}/mark.svg`)
  await page.evaluate('localStorage.clear(); sessionStorage.clear()')
  await page.context().clearCookies()
}

/** A refused request is the page's business, not a flaw, nor is a network that was taken away: Chromium writes both to the console all the same. */
const refused =
  /^Failed to load resource: (the server responded with a status of 4\d\d|net::ERR_INTERNET_DISCONNECTED)/

async function listen(context: BrowserContext, flaws: string[]): Promise<void> {
  await context.exposeFunction('tellOfViolation', (what: string) => void flaws.push(what))
  await context.addInitScript({
    content: `addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      tellOfViolation(location.pathname + ': ' + violatedDirective + ' forbids ' + blockedURI))`,
  })
  context.on('weberror', error => flaws.push(String(error.error())))
  context.on('console', message => {
    if (message.type() === 'error' && !refused.test(message.text()))
      flaws.push(`${message.page()?.url()}: ${message.text()}`)
  })
}

const words = {
  login: /^(手机号或邮箱|Phone or e-mail)/i,
  password: /^(密码|Password)$/,
  signIn: /^(登\s?录|Sign in)$/,
}

/** On the page, as a person does it. */
export async function signIn(page: Page, { login }: Who): Promise<void> {
  await page.getByLabel(words.login).fill(login)
  await page.getByLabel(words.password).fill(password)
  await page.getByRole('button', { name: words.signIn }).click()
  await page.waitForURL(url => !/^\/(sign-in)?$/.test(url.pathname))
}

async function openDoor(page: Page, origin: string, { login }: Who, at = '/'): Promise<void> {
  const data = { login, password }
  await page.request.post(`${origin}/v1/parties/sessions`, { data, headers: { origin } })
  await page.goto(`${origin}${at}`)
  await page.waitForURL(url => !/^\/(sign-in)?$/.test(url.pathname))
}
