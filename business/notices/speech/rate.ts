/** Samples in a second of all that is spoken. */
export const rate = 16_000
