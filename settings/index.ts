/** A stack's configuration: `keys/` declares it, `clouds/` holds what each cloud offers and its limits. */
export { parseSettings, type RawSettings, type Settings } from "./parse";
export { readSettings } from "./read";
