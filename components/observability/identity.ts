/** What tells one environment from another, in everything that leaves its Prometheus. */
import { LABEL } from "../kit/conventions";

export interface Identity {
  readonly system: string;
  readonly environment: string;
  /** The cluster's name in its cloud. */
  readonly cluster: string;
  readonly region: string;
}

/**
 * Prometheus adds them to every alert that does not have the label, those of the charts too, so that routing,
 * grouping and muting can go by them. They are not on the series that rules read.
 */
export const externalLabels = (identity: Identity): Readonly<Record<string, string>> => ({
  [LABEL.system]: identity.system,
  [LABEL.environment]: identity.environment,
  [LABEL.cluster]: identity.cluster,
  [LABEL.region]: identity.region,
});
