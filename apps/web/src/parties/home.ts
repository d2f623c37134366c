import { facesOf, homeOf, type Me } from '../app/faces.ts'

/** Where somebody goes who has just come in: where they were going, if that is on this site, else home. */
export const homeAfter = (me: Me, next: string | undefined): string =>
  next && /^\/(?![/\\])/.test(next) && next !== '/' ? next : homeOf(facesOf(me)[0])
