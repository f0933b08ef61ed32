/**
 * What DigitalOcean offers in each region (from the database options of its API specification and the list of
 * Spaces endpoints, August 2026). Kept as data because a query would need credentials.
 */
interface Region {
  /** Whether managed Valkey is offered. */
  readonly valkey: boolean;
  /** Whether Spaces has an endpoint. */
  readonly spaces: boolean;
  /**
   * Region for backups that must survive the loss of this one: distant, in the same jurisdiction if
   * possible.
   */
  readonly backup: string;
}

export const DIGITALOCEAN_REGIONS: Readonly<Record<string, Region>> = {
  ams3: { valkey: true, spaces: true, backup: "fra1" },
  atl1: { valkey: true, spaces: true, backup: "nyc3" },
  blr1: { valkey: true, spaces: true, backup: "sgp1" },
  fra1: { valkey: true, spaces: true, backup: "ams3" },
  lon1: { valkey: true, spaces: true, backup: "ams3" },
  nyc1: { valkey: true, spaces: false, backup: "sfo3" },
  nyc2: { valkey: false, spaces: false, backup: "sfo3" },
  nyc3: { valkey: true, spaces: true, backup: "sfo3" },
  ric1: { valkey: true, spaces: false, backup: "nyc3" },
  sfo2: { valkey: true, spaces: true, backup: "nyc3" },
  sfo3: { valkey: true, spaces: true, backup: "nyc3" },
  sgp1: { valkey: true, spaces: true, backup: "blr1" },
  syd1: { valkey: true, spaces: true, backup: "sgp1" },
  tor1: { valkey: true, spaces: true, backup: "nyc3" },
};
