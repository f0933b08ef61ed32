import type { CloudName } from "../../systems/model";
import { aws } from "./aws";
import { digitalocean } from "./digitalocean";
import { existing } from "./existing";
import { gcp } from "./gcp";
import type { CloudProfile } from "./profile";

/** Every cloud that a system can run on. */
export const PROFILES: Readonly<Record<CloudName, CloudProfile>> = {
  digitalocean,
  aws,
  gcp,
  existing,
};
