/** Policies on what DigitalOcean runs. */
import type { Policy } from "../policy";
import { dataServices } from "./data-services";

export const digitalocean: readonly Policy[] = [...dataServices];
