import { describe, expect, it } from "vitest";
import { mistakes, NETWORK, sentence, SERVICES, withImage, type Mistakes } from "./testing";

const SERVICE_LIST = '"backend", "frontend", "websocket", "recurring-task" or "notification"';

const TABLE: Mistakes = [
  [
    "a region without Valkey",
    { region: "nyc2" },
    sentence(
      "region",
      'is "nyc2"',
      'a region with managed Valkey: "ams3", "atl1", "blr1", "fra1", "lon1", "nyc1", ' +
        '"nyc3", "ric1", "sfo2", "sfo3", "sgp1", "syd1" or "tor1"; elsewhere choose another runstack:redis ' +
        '(did you mean "nyc1"?)',
    ),
  ],
  [
    "a backup region without Spaces",
    { backupRegion: "ric1" },
    sentence(
      "backupRegion",
      'is "ric1"',
      'a region with Spaces: "ams3", "atl1", "blr1", "fra1", "lon1", "nyc3", "sfo2", "sfo3", ' +
        '"sgp1", "syd1" or "tor1"',
    ),
  ],
  [
    "a zone that is not a parent of the domain",
    { dnsZone: "ample.org" },
    sentence("dnsZone", 'is "ample.org"', "the domain todo.example.org or a parent of it"),
  ],
  [
    "the image of a service that does not exist",
    withImage("frontent", "registry.example.org/f:1"),
    sentence(
      "images.frontent",
      'is "registry.example.org/f:1"',
      `for a service of todo-chatbot: ${SERVICE_LIST} (did you mean "frontend"?)`,
    ),
  ],
  [
    "a service without an image",
    {
      images: Object.fromEntries(
        SERVICES.filter((name) => name !== "websocket").map((name) => [
          name,
          `r.example.org/${name}:1`,
        ]),
      ),
    },
    sentence("images.websocket", "is not set", "an image with a tag or digest"),
  ],
  [
    "fewer nodes than the runbook's",
    { nodes: { min: 2, max: 7 } },
    sentence(
      "nodes.min",
      "is 2",
      "at least 3, the runbook's minimum (Operational Runbook - Todo Chatbot (Phase V))",
    ),
  ],
  [
    "a minimum above the maximum",
    { nodes: { min: 9, max: 7 } },
    sentence("nodes.min", "is 9", "at most nodes.max, which is 7"),
  ],
  [
    "fewer replicas than the runbook's",
    { scaling: { backend: { min: 1, max: 5 } } },
    sentence(
      "scaling.backend.min",
      "is 1",
      "at least 2, the runbook's minimum (Common Operations / Scale Services)",
    ),
  ],
  [
    "more replicas than the runbook's",
    { scaling: { backend: { min: 2, max: 7 } } },
    sentence(
      "scaling.backend.max",
      "is 7",
      "at most 6, the runbook's maximum (Common Operations / Scale Services)",
    ),
  ],
  [
    "a minimum number of replicas above the maximum",
    { scaling: { backend: { min: 5, max: 4 } } },
    sentence("scaling.backend.min", "is 5", "at most scaling.backend.max, which is 4"),
  ],
  [
    "scaling for a service that does not exist",
    { scaling: { websockets: { min: 2, max: 4 } } },
    sentence(
      "scaling.websockets",
      'is {"min":2,"max":4}',
      `for a service of todo-chatbot: ${SERVICE_LIST} (did you mean "websocket"?)`,
    ),
  ],
  [
    "networks that overlap",
    { network: { ...NETWORK, services: "10.52.128.0/19" } },
    sentence(
      "network.pods",
      'is "10.52.0.0/16"',
      "a range that does not overlap network.services, which is 10.52.128.0/19",
    ),
  ],
  [
    "a network that DigitalOcean reserves",
    { network: { ...NETWORK, pods: "10.244.0.0/17" } },
    sentence(
      "network.pods",
      'is "10.244.0.0/17"',
      "a range that does not overlap 10.244.0.0/16, which DigitalOcean reserves",
    ),
  ],
  [
    "a public network",
    { network: { ...NETWORK, services: "172.32.0.0/19" } },
    sentence(
      "network.services",
      'is "172.32.0.0/19"',
      "inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16",
    ),
  ],
  [
    "a VPC that is too small",
    { network: { ...NETWORK, vpc: "10.50.0.0/25" } },
    sentence(
      "network.vpc",
      'is "10.50.0.0/25"',
      "a network of /16 to /24, the sizes DigitalOcean accepts",
    ),
  ],
  [
    "a Kubernetes version that a chart does not support",
    { kubernetesVersion: "1.29" },
    sentence(
      "kubernetesVersion",
      'is "1.29"',
      'of a minor version that all charts support: "1.33", "1.34", "1.35" or "1.36"',
    ),
  ],
  [
    "rotation of a secret that does not exist",
    { rotations: { JWT: "2" } },
    sentence(
      "rotations.JWT",
      'is "2"',
      'for a secret or a data service of todo-chatbot: "DATABASE_URL", "BETTER_AUTH_SECRET", ' +
        '"state" or "pubsub"',
    ),
  ],
];

describe("a stack file that contradicts its system or its cloud", () => {
  it.each(TABLE)("is refused for %s", (_what, changes, expected) => {
    expect(mistakes(changes)).toBe(expected);
  });

  it("gets every error at once, for malformed and for wrong values", () => {
    expect(
      mistakes({
        domain: "-",
        region: "mars",
        kubernetesVersion: "1.29",
        ...withImage("backend", "x:latest"),
      }).split("\n"),
    ).toEqual([
      sentence("domain", 'is "-"', "a domain name in lower case, such as todo.example.com"),
      sentence(
        "images.backend",
        'is "x:latest"',
        "an image with a fixed tag or digest; the image behind `latest` can change at any time",
      ),
      expect.stringMatching(/^runstack:kubernetesVersion is "1.29", but must be of /) as string,
      expect.stringMatching(
        /^runstack:region is "mars", but must be a region with managed Valkey/,
      ) as string,
    ]);
  });

  it("gets no error if it is valid", () => {
    expect(mistakes({})).toBe("");
  });
});
