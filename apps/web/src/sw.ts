/**
 * Keeps the app's own files, so that it opens without a network and says that there is none.
 *
 *   install    the first page and what it needs are kept, under the name of this build
 *   activate   what other builds have kept is thrown away
 *   keep       a page tells which files it had loaded before this was there
 *   share      what another app shares is put by for the page that takes it, and goes to no server
 *   fetch      a page comes from the network, else the kept first page; a file of the build, from where it is kept
 *
 * What the interface answers is never kept, nor looked at: a balance is the server's word, or it is not shown.
 */

/** Laid in front by the build: its name, and what its first page needs. */
declare const BUILD: string
declare const SHELL: readonly string[]

type Lives = Event & { waitUntil(work: Promise<unknown>): void }
type Told = Lives & { data: unknown }
type Fetching = Event & { request: Request; respondWith(answer: Promise<Response>): void }
type Worker = { skipWaiting(): Promise<void>; clients: { claim(): Promise<void> } }

const worker = globalThis as unknown as Worker
const name = `shell-${BUILD}`
const page = '/'
const share = '/notices/share'
const ofServer = (url: URL) => /^\/(v1|docs)\b/.test(url.pathname)
const ofBuild = (url: URL) => url.origin === location.origin && url.pathname.startsWith('/assets/')
const on = <E extends Event>(event: string, hear: (event: E) => void) =>
  addEventListener(event, hear as EventListener)

on<Lives>('install', event =>
  event.waitUntil(
    caches
      .open(name)
      .then(kept => kept.addAll([page, ...SHELL]))
      .then(() => worker.skipWaiting()),
  ),
)

on<Lives>('activate', event =>
  event.waitUntil(
    caches
      .keys()
      .then(all =>
        Promise.all(
          all.filter(one => one !== name && one !== 'shared').map(one => caches.delete(one)),
        ),
      )
      .then(() => worker.clients.claim()),
  ),
)

on<Told>('message', event => {
  if (Array.isArray(event.data)) event.waitUntil(Promise.all(event.data.map(one => keep(`${one}`))))
})

on<Fetching>('fetch', event => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method === 'POST' && url.pathname === share) return event.respondWith(putBy(request))
  if (request.method !== 'GET' || ofServer(url)) return
  if (request.mode === 'navigate') event.respondWith(pageFor(request))
  else if (ofBuild(url)) event.respondWith(keep(request.url))
})

/** In the order in which it is read: its title, its text, its link. */
async function putBy(request: Request): Promise<Response> {
  const form = await request.formData()
  const parts = ['title', 'text', 'url'].map(part => form.get(part))
  const text = parts.filter(part => typeof part === 'string' && part).join('\n')
  const at = Date.now()
  const kept = JSON.stringify({ at, text: text.slice(0, 2000) })
  await (await caches.open('shared')).put(`/notices/shared?${at}`, new Response(kept))
  return Response.redirect(share, 303)
}

async function pageFor(request: Request): Promise<Response> {
  try {
    return await fetch(request)
  } catch (error) {
    const kept = await caches.match(page)
    if (!kept) throw error
    return kept
  }
}

/** A file of the build has its contents in its name: what is kept is what the server would send. */
async function keep(url: string): Promise<Response> {
  const kept = await caches.match(url)
  if (kept) return kept
  const answer = await fetch(url)
  if (answer.ok && ofBuild(new URL(url, location.origin)))
    await (await caches.open(name)).put(url, answer.clone())
  return answer
}

// A module of its own: its names are no page's.
export {}
