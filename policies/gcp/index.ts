/** Policies on what Google Cloud runs. */
import type { Policy } from "../policy";
import { firewalls } from "./firewalls";
import { gke } from "./gke";
import { gkeAccess } from "./gke-access";
import { gkeNodes } from "./gke-nodes";
import { network } from "./network";

export const gcp: readonly Policy[] = [...firewalls, ...network, ...gkeAccess, ...gke, ...gkeNodes];
