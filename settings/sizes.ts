/**
 * Sizes of DigitalOcean's droplets and databases, parsed from their names: listing them through the API
 * would need credentials. Only the cloud can check the rest, such as whether the region offers the size.
 */

export interface Size {
  readonly processors: number;
  readonly gib: number;
}

const DROPLET = /^(?:s|c2|g|gd|m|m3|m6|so|so1_5)-(\d+)vcpu-(\d+)gb(?:-[a-z0-9]+)*$/;
const DATABASE = /^(?:db-s|db-amd|db-intel|gd|m|so1_5)-(\d+)vcpu-(\d+)gb$/;

const read = (pattern: RegExp, slug: string): Size | undefined => {
  const [, processors, gib] = pattern.exec(slug) ?? [];
  return processors === undefined || gib === undefined
    ? undefined
    : { processors: Number(processors), gib: Number(gib) };
};

/** Undefined if this is not the name of a droplet size such as `s-4vcpu-8gb`. */
export const dropletSize = (slug: string): Size | undefined => read(DROPLET, slug);

/** Undefined if this is not the name of a database size such as `db-s-2vcpu-4gb`. */
export const databaseSize = (slug: string): Size | undefined => read(DATABASE, slug);

/** A smaller node has no room beside the cluster's own pods. */
export const LEAST_NODE: Size = { processors: 2, gib: 4 };
/** DigitalOcean's smallest brokers. */
export const LEAST_BROKER: Size = { processors: 2, gib: 2 };
/** DigitalOcean's smallest cache with a standby. */
export const LEAST_WITH_STANDBY: Size = { processors: 1, gib: 2 };

export const fits = (size: Size | undefined, least: Size): boolean =>
  size !== undefined && size.processors >= least.processors && size.gib >= least.gib;
