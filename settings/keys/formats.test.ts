import { describe, expect, it } from "vitest";
import { SYSTEMS } from "../../systems";
import { mistakes, NETWORK, sentence, withImage, type Mistakes } from "../testing";
import { list } from "../../lib/words";

const TABLE: Mistakes = [
  [
    "an unknown system",
    { system: "todo-chatbox" },
    sentence(
      "system",
      'is "todo-chatbox"',
      `one of ${list(Object.keys(SYSTEMS))} (did you mean "todo-chatbot"?)`,
    ),
  ],
  [
    "no system",
    { system: undefined },
    sentence("system", "is not set", `one of ${list(Object.keys(SYSTEMS))}`),
  ],
  [
    "an unknown environment",
    { environment: "stage" },
    sentence("environment", 'is "stage"', 'one of "prod", "staging" or "dr"'),
  ],
  [
    "an environment with a typo",
    { environment: "stagin" },
    sentence(
      "environment",
      'is "stagin"',
      'one of "prod", "staging" or "dr" (did you mean "staging"?)',
    ),
  ],
  [
    "an unknown cloud",
    { cloud: "azure" },
    sentence("cloud", 'is "azure"', 'one of "digitalocean", "aws", "gcp" or "existing"'),
  ],
  [
    "a malformed domain",
    { domain: "Todo_App", dnsZone: undefined },
    sentence("domain", 'is "Todo_App"', "a domain name in lower case, such as todo.example.com"),
  ],
  [
    "an unknown DNS mode",
    { dns: "adpot" },
    sentence("dns", 'is "adpot"', 'one of "create", "adopt" or "manual" (did you mean "adopt"?)'),
  ],
  ["no e-mail address", { email: "nobody" }, sentence("email", 'is "nobody"', "an e-mail address")],
  [
    "an image without a tag",
    withImage("backend", "registry.example.org:5000/backend"),
    sentence(
      "images.backend",
      'is "registry.example.org:5000/backend"',
      "an image with a tag or digest, such as registry.example.com/team/api:1.4.2",
    ),
  ],
  [
    "an image with latest",
    withImage("recurring-task", "registry.example.org/worker:latest"),
    sentence(
      "images.recurring-task",
      'is "registry.example.org/worker:latest"',
      "an image with a fixed tag or digest; the image behind `latest` can change at any time",
    ),
  ],
  [
    "text that is not an image",
    withImage("backend", "not an image"),
    sentence(
      "images.backend",
      'is "not an image"',
      "an image reference such as registry.example.com/team/api:1.4.2",
    ),
  ],
  [
    "half a node",
    { nodes: { min: 3.5, max: 7 } },
    sentence("nodes.min", "is 3.5", "a whole number"),
  ],
  [
    "a range with another key",
    { nodes: { min: 3, max: 7, mid: 5 } },
    sentence("nodes", 'is {"min":3,"max":7,"mid":5}', "two whole numbers, `min` and `max`"),
  ],
  [
    "an address in place of a network",
    { network: { ...NETWORK, vpc: "10.50.0.1/20" } },
    sentence("network.vpc", 'is "10.50.0.1/20"', "an IPv4 network such as 10.100.0.0/20"),
  ],
  [
    "an access list with a mistake",
    { controlPlaneAccess: ["192.0.2.0/24", "everywhere"] },
    sentence("controlPlaneAccess[1]", 'is "everywhere"', "an IPv4 network such as 10.100.0.0/20"),
  ],
  [
    "a Kubernetes version in another cloud's notation",
    { kubernetesVersion: "1.35.1" },
    sentence(
      "kubernetesVersion",
      'is "1.35.1"',
      "a minor version such as 1.35, or an exact DigitalOcean version such as 1.35.1-do.0",
    ),
  ],
  [
    "an unknown value for protect",
    { protect: "maybe" },
    sentence("protect", 'is "maybe"', 'one of "auto", "true" or "false"'),
  ],
  [
    "a chart mirror without its scheme",
    { chartMirror: "registry.example.org/charts" },
    sentence(
      "chartMirror",
      'is "registry.example.org/charts"',
      "an OCI address such as oci://registry.example.com/charts",
    ),
  ],
];

describe("a stack file with a malformed value", () => {
  it.each(TABLE)("is refused for %s", (_what, changes, expected) => {
    expect(mistakes(changes)).toBe(expected);
  });
});
