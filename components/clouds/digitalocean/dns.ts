import * as digitalocean from "@pulumi/digitalocean";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { NO_GRANT } from "../../identity/contract";
import { commonLabels } from "../../kit/labels";
import { EXTERNAL_DNS, type DnsHost, type DnsZone, type ZoneArguments } from "../../dns/contract";

const TOKEN = { secret: "external-dns-token", key: "token" };
const FROM_TOKEN = { secretKeyRef: { name: TOKEN.secret, key: TOKEN.key } };

const ACME = { secret: "digitalocean-dns", key: "access-token" };

/** The same for every account (DigitalOcean, "Point to DigitalOcean Name Servers"). */
const NAME_SERVERS = [1, 2, 3].map((n) => `ns${n}.digitalocean.com`);

/**
 * A domain at DigitalOcean, written to with a token: pods there have no cloud identity.
 *
 * @param token secret: permission to read and write domains is enough
 */
export const digitalOceanDns = (token: pulumi.Output<string>): DnsHost => ({
  cloud: "digitalocean",
  egress: [],
  rules: () => [],
  zone: (name, args, options, namespaceReady) =>
    createZone(name, args, token, options, namespaceReady),
  challenge: () => ({
    solver: { digitalocean: { tokenSecretRef: { name: ACME.secret, key: ACME.key } } },
    grant: NO_GRANT,
    token: { ...ACME, value: token },
    egress: [],
  }),
});

function createZone(
  name: string,
  args: ZoneArguments,
  token: pulumi.Output<string>,
  options: pulumi.CustomResourceOptions,
  namespaceReady: readonly pulumi.Resource[],
): DnsZone {
  const domain =
    args.mode === "create"
      ? new digitalocean.Domain(
          `${name}-zone`,
          { name: args.zone },
          { ...options, protect: args.protect },
        )
      : undefined;
  const secret = new k8s.core.v1.Secret(
    `${name}-token`,
    {
      metadata: {
        name: TOKEN.secret,
        namespace: EXTERNAL_DNS.namespace,
        labels: commonLabels(args.system, "dns"),
      },
      type: "Opaque",
      stringData: { [TOKEN.key]: pulumi.secret(token) },
    },
    pulumi.mergeOptions(options, { dependsOn: [...namespaceReady] }),
  );
  return {
    values: {
      provider: { name: "digitalocean" },
      env: [{ name: "DO_TOKEN", valueFrom: FROM_TOKEN }],
    },
    grant: undefined,
    nameServers: domain === undefined ? undefined : pulumi.output(NAME_SERVERS),
    ready: domain === undefined ? [secret] : [secret, domain],
  };
}
