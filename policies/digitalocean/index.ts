/** Policies on DigitalOcean resources. */
import type { Policy } from "../policy";
import { cachesAndTopics } from "./caches-and-topics";
import { clusters } from "./clusters";
import { databases } from "./databases";
import { network } from "./network";
import { ranges } from "./ranges";
import { services } from "./services";
import { spaces } from "./spaces";

export const digitalocean: readonly Policy[] = [
  clusters,
  databases,
  cachesAndTopics,
  network,
  ranges,
  spaces,
  services,
].flat();
