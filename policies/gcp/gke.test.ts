import { describe, expect, it } from "vitest";
import { testPolicy } from "../testing/cases";
import { UNKNOWN, messages } from "../testing";
import { CLUSTER_IS as IS, cluster } from "./testing";

const CHANNELS = 'it must be "RAPID", "REGULAR", "STABLE" or "EXTENDED".';
const WINDOW = `${IS}maintenancePolicy.recurringWindow is missing; set the window in which upgrades may run.`;

testPolicy("gcp-gke-upgraded", {
  happy: cluster,
  broken: [
    // Google chooses one.
    { at: ["releaseChannel"], says: [] },
    ...["RAPID", "EXTENDED"].map((to) => ({ at: ["releaseChannel", "channel"], to, says: [] })),
    {
      at: ["releaseChannel", "channel"],
      to: "UNSPECIFIED",
      says: `${IS}releaseChannel.channel is "UNSPECIFIED"; ${CHANNELS}`,
    },
    { at: ["maintenancePolicy"], says: WINDOW },
    { at: ["maintenancePolicy", "dailyMaintenanceWindow"], says: WINDOW },
    { at: ["maintenancePolicy"], to: { recurringWindow: UNKNOWN }, says: [] },
  ],
  unknown: [["releaseChannel", "channel"], ["maintenancePolicy"]],
});

testPolicy("gcp-gke-logged", {
  happy: cluster,
  broken: [
    {
      at: ["loggingService"],
      to: "none",
      says: `${IS}loggingService is "none"; it turns logging or monitoring off: leave it out.`,
    },
    {
      at: ["monitoringService"],
      to: "none",
      says: `${IS}monitoringService is "none"; it turns logging or monitoring off: leave it out.`,
    },
    {
      at: ["loggingConfig"],
      says: ["SYSTEM_COMPONENTS", "WORKLOADS", "APISERVER"].map(
        (name) => `${IS}loggingConfig.enableComponents is missing; it must contain "${name}".`,
      ),
    },
    {
      at: ["loggingConfig", "enableComponents", 2],
      to: "SCHEDULER",
      says: `${IS}loggingConfig.enableComponents is ["SYSTEM_COMPONENTS","WORKLOADS","SCHEDULER"]; it must contain "APISERVER".`,
    },
    {
      at: ["loggingConfig", "enableComponents", 2],
      to: "SCHEDULER",
      says: [],
      setting: { configuration: { "gcp-gke-logged": { components: ["SCHEDULER", "WORKLOADS"] } } },
    },
    { at: ["monitoringConfig"], says: [] },
    {
      at: ["monitoringConfig", "enableComponents"],
      to: ["POD"],
      says: `${IS}monitoringConfig.enableComponents is ["POD"]; it must contain "SYSTEM_COMPONENTS".`,
    },
  ],
  unknown: [
    ["loggingConfig"],
    ["loggingConfig", "enableComponents", 1],
    ["monitoringConfig", "enableComponents"],
    ["loggingService"],
  ],
});

testPolicy("gcp-gke-regional", {
  happy: cluster,
  broken: [
    {
      at: ["location"],
      to: "europe-west3-a",
      says: `${IS}location is "europe-west3-a"; use a region: in a zone the control plane is a single machine.`,
    },
    {
      at: ["location"],
      says: `${IS}location is missing; use a region: in a zone the control plane is a single machine.`,
    },
  ],
  unknown: [["location"]],
});

testPolicy("gcp-gke-pools-separate", {
  happy: cluster,
  broken: [
    {
      at: ["removeDefaultNodePool"],
      says: `${IS}removeDefaultNodePool is missing; the default pool cannot be changed later: it must be true.`,
    },
    {
      at: ["nodePools"],
      to: [{}],
      says: `${IS}nodePools is [{}]; changing one pool replaces the cluster: use NodePool resources.`,
    },
    { at: ["nodePools"], to: [], says: [] },
  ],
  unknown: [["removeDefaultNodePool"], ["nodePools"]],
});

testPolicy("gcp-gke-hardened", {
  happy: cluster,
  broken: [
    {
      at: ["enableKubernetesAlpha"],
      to: true,
      says: `${IS}enableKubernetesAlpha is true; it must be false or missing.`,
    },
    {
      at: ["enableShieldedNodes"],
      to: false,
      says: `${IS}enableShieldedNodes is false; it must be true or missing.`,
    },
    {
      at: ["serviceExternalIpsConfig"],
      to: { enabled: true },
      says: `${IS}serviceExternalIpsConfig.enabled is true; a Service could intercept other traffic: it must be false.`,
    },
  ],
  unknown: [["enableKubernetesAlpha"], ["enableShieldedNodes"], ["serviceExternalIpsConfig"]],
});

testPolicy("gcp-gke-posture", {
  happy: cluster,
  broken: [
    {
      at: ["securityPostureConfig"],
      says: `${IS}securityPostureConfig.mode is missing; it must be "BASIC" or "ENTERPRISE".`,
    },
    {
      at: ["datapathProvider"],
      says: `${IS}enableIntranodeVisibility is missing; flow logs miss traffic inside a node: it must be true.`,
    },
  ],
  unknown: [["securityPostureConfig"]],
});

testPolicy("gcp-gke-labelled", {
  happy: cluster,
  broken: [
    {
      at: ["resourceLabels"],
      says: `${IS}resourceLabels is missing; add the system and the environment.`,
    },
  ],
  unknown: [],
});

testPolicy("gcp-gke-binary-authorization", {
  happy: cluster,
  broken: [
    {
      at: ["binaryAuthorization"],
      says: `${IS}binaryAuthorization.evaluationMode is missing; set whether images are checked before they run.`,
    },
    {
      at: ["binaryAuthorization", "evaluationMode"],
      to: "DISABLED",
      says: `${IS}binaryAuthorization.evaluationMode is "DISABLED"; write PROJECT_SINGLETON_POLICY_ENFORCE.`,
      setting: { configuration: { "gcp-gke-binary-authorization": { demand: true } } },
    },
  ],
  unknown: [],
});

describe("an Autopilot cluster", () => {
  it("needs no pools, and has intranode visibility", async () => {
    const bare = {
      ...cluster(),
      props: { enableAutopilot: true, securityPostureConfig: { mode: "BASIC" } },
    };
    expect(await messages("gcp-gke-pools-separate", [bare])).toEqual([]);
    expect(await messages("gcp-gke-posture", [bare])).toEqual([]);
  });
});
