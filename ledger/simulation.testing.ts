/** For simulations outside this folder: the rules alone, and the naive ledger to hold them against. */
export { stateOf } from './bars.ts'
export { decide } from './decide.ts'
export { Model } from './model.testing.ts'
export { Overlay, type Asked } from './overlay.ts'
