/** Policies on Google Cloud resources. */
import type { Policy } from "../policy";
import { cloudSql } from "./cloud-sql";
import { cloudSqlFlags } from "./cloud-sql-flags";
import { deletion } from "./deletion";
import { firewalls } from "./firewalls";
import { gke } from "./gke";
import { gkeAccess } from "./gke-access";
import { gkeNodes } from "./gke-nodes";
import { iam } from "./iam";
import { keys } from "./keys";
import { logging } from "./logging";
import { memorystore } from "./memorystore";
import { messaging } from "./messaging";
import { network } from "./network";
import { storage } from "./storage";
import { tls } from "./tls";

export const gcp: readonly Policy[] = [
  firewalls,
  network,
  gkeAccess,
  gke,
  gkeNodes,
  cloudSql,
  cloudSqlFlags,
  memorystore,
  messaging,
  storage,
  iam,
  keys,
  tls,
  logging,
  deletion,
].flat();
