/** A stack's configuration: `keys/` declares it, `clouds/` says what each cloud offers and bounds. */
export { parseSettings, type RawSettings, type Settings } from "./parse";
export { readSettings } from "./read";
