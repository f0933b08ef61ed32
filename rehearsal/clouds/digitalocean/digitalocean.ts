/** DigitalOcean, as far as a rehearsal needs it. */
import { secretOf } from "../../../offline/properties";
import { text, uuid, type Cloud } from "../cloud";
import { BUCKET, CLUSTER, OF_DATABASES, RULES } from "./rules";

/** What is called by its name, alone or behind its cluster's id. */
const BY_NAME = new Set([
  "digitalocean:index/spacesBucket:SpacesBucket",
  "digitalocean:index/domain:Domain",
  "digitalocean:index/containerRegistry:ContainerRegistry",
]);

export const DIGITALOCEAN: Cloud = {
  global: /spacesKey|domain|dnsRecord|containerRegistry|project/iu,
  rules: RULES,
  buckets: [BUCKET],
  parts: Object.fromEntries(
    [...OF_DATABASES, "digitalocean:index/kubernetesNodePool:KubernetesNodePool"].map((type) => [
      type,
      "clusterId",
    ]),
  ),
  identify: ({ type, inputs, name, digest }) => {
    const called = text(inputs["name"]) ?? `${name}-${digest.slice(0, 7)}`;
    const id = BY_NAME.has(type) ? called : uuid(digest);
    return { id, name: called, outputs: { name: called } };
  },
  remains: () => ({}),
  // One API serves all regions: it answers that this one takes no requests.
  unreachable: (_, region) =>
    `https://api.digitalocean.com/v2: 503 (region ${region}) Service unavailable`,
  clusters: {
    [CLUSTER]: (server, authority) => ({
      endpoint: server,
      kubeConfigs: secretOf([{ host: server, clusterCaCertificate: authority, token: "" }]),
    }),
  },
};
