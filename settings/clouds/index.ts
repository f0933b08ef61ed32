import type { CloudName } from "../../systems/model";
import { aws } from "./aws";
import { digitalocean } from "./digitalocean";
import { existing } from "./existing";
import { gcp } from "./gcp";
import type { CloudOffer } from "./offer";

/** Every cloud that a system can be placed on. */
export const OFFERS: Readonly<Record<CloudName, CloudOffer>> = {
  digitalocean,
  aws,
  gcp,
  existing,
};
