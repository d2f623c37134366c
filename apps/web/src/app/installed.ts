/** The app on somebody's own device: its files kept by sw.ts, and under the name of the client that it is installed as. */

/** Where a browser keeps no files, everything works as long as there is a network. */
export async function installed(): Promise<void> {
  if (!('serviceWorker' in navigator)) return
  try {
    await navigator.serviceWorker.register('/sw.js')
    const { active } = await navigator.serviceWorker.ready
    // What this page had loaded before there was anybody to keep it.
    const loaded = performance.getEntriesByType('resource').map(one => one.name)
    active?.postMessage(loaded.filter(one => one.startsWith(`${location.origin}/assets/`)))
  } catch {
    // A browser may forbid it, in a private window for one.
  }
}

/** Guests and merchants have a client each: what is installed begins where its people begin. */
export function installAs(client: 'guest' | 'merchant'): void {
  document.querySelector('link[rel=manifest]')?.setAttribute('href', `/${client}.webmanifest`)
}
