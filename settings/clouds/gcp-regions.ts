/**
 * Google Cloud's regions with their zones, and the region for backups. Kept as data, like those of AWS.
 */
interface Region {
  /** The letters that follow the region's name. */
  readonly zones: string;
  /** Region for backups: distant, in the same jurisdiction if possible. */
  readonly backup: string;
}

export const GCP_REGIONS: Readonly<Record<string, Region>> = {
  "asia-northeast1": { zones: "abc", backup: "asia-northeast2" },
  "asia-northeast2": { zones: "abc", backup: "asia-northeast1" },
  "asia-southeast1": { zones: "abc", backup: "asia-northeast1" },
  "australia-southeast1": { zones: "abc", backup: "asia-southeast1" },
  "europe-north1": { zones: "abc", backup: "europe-west4" },
  "europe-west1": { zones: "bcd", backup: "europe-west4" },
  "europe-west2": { zones: "abc", backup: "europe-west1" },
  "europe-west3": { zones: "abc", backup: "europe-west1" },
  "europe-west4": { zones: "abc", backup: "europe-west1" },
  "northamerica-northeast1": { zones: "abc", backup: "us-east4" },
  "southamerica-east1": { zones: "abc", backup: "us-east1" },
  "us-central1": { zones: "abcf", backup: "us-east1" },
  "us-east1": { zones: "bcd", backup: "us-central1" },
  "us-east4": { zones: "abc", backup: "us-central1" },
  "us-west1": { zones: "abc", backup: "us-central1" },
  "us-west2": { zones: "abc", backup: "us-central1" },
};
