import type { CloudName } from "../../systems/model";
import { AWS } from "./aws";
import type { Cloud } from "./contract";
import { DIGITALOCEAN } from "./digitalocean";
import { EXISTING } from "./existing";
import { GCP } from "./gcp";

/** The only place that knows all clouds. */
export const CLOUDS: Readonly<Record<CloudName, Cloud>> = {
  digitalocean: DIGITALOCEAN,
  aws: AWS,
  gcp: GCP,
  existing: EXISTING,
};
