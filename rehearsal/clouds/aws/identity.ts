/** Names, ids and ARNs as AWS forms them (docs.aws.amazon.com/service-authorization, "Resource types"). */
import { text, uuid, type Identity, type Making } from "../cloud";
import { isObject, type WireObject } from "../../../offline/wire";

/** The prefixes of ids that EC2 and others give, by the last part of the type. */
const PREFIXES: Readonly<Record<string, string>> = {
  "ec2/vpc": "vpc",
  "ec2/subnet": "subnet",
  "ec2/internetGateway": "igw",
  "ec2/routeTable": "rtb",
  "ec2/routeTableAssociation": "rtbassoc",
  "ec2/route": "r",
  "ec2/securityGroup": "sg",
  "ec2/defaultSecurityGroup": "sg",
  "ec2/eip": "eipalloc",
  "ec2/natGateway": "nat",
  "ec2/vpcEndpoint": "vpce",
  "ec2/flowLog": "fl",
  "ec2/launchTemplate": "lt",
  "vpc/securityGroupIngressRule": "sgr",
  "vpc/securityGroupEgressRule": "sgr",
  "rds/instance": "db",
};

/** What has a UUID. */
const UUIDS = new Set(["kms/key", "route53/healthCheck"]);

/** The input that names a thing, where it is not `name`. */
const NAMED_BY: Readonly<Record<string, string>> = {
  "s3/bucket": "bucket",
  "rds/instance": "identifier",
  "elasticache/replicationGroup": "replicationGroupId",
  "msk/cluster": "clusterName",
  "eks/nodeGroup": "nodeGroupName",
  "eks/addon": "addonName",
  "eks/accessEntry": "principalArn",
};

/** What follows the account in an ARN. */
const RESOURCES: Readonly<Record<string, (name: string, id: string, digest: string) => string>> = {
  "kms/key": (_, id) => `kms:key/${id}`,
  "kms/alias": (name) => `kms:${name}`,
  "cloudwatch/logGroup": (name) => `logs:log-group:${name}`,
  "eks/cluster": (name) => `eks:cluster/${name}`,
  "eks/nodeGroup": (name, _, digest) => `eks:nodegroup/${name}/${uuid(digest)}`,
  "rds/instance": (name) => `rds:db:${name}`,
  "rds/subnetGroup": (name) => `rds:subgrp:${name}`,
  "rds/parameterGroup": (name) => `rds:pg:${name}`,
  "rds/proxy": (_, __, digest) => `rds:db-proxy:prx-${digest.slice(0, 17)}`,
  "elasticache/replicationGroup": (name) => `elasticache:replicationgroup:${name}`,
  "msk/cluster": (name, _, digest) => `kafka:cluster/${name}/${uuid(digest)}-1`,
  "msk/configuration": (name, _, digest) => `kafka:configuration/${name}/${uuid(digest)}-1`,
  "msk/topic": (name, _, digest) => `kafka:topic/${name}/${uuid(digest)}`,
  "secretsmanager/secret": (name, _, digest) => `secretsmanager:secret:${name}-${digest.slice(-6)}`,
};
/** What is called by its ARN. */
const BY_ARN = new Set(["secretsmanager/secret", "msk/cluster", "msk/configuration", "msk/topic"]);

/** `aws:rds/instance:Instance` is `rds/instance`. */
const kindOf = (type: string): string => type.split(":")[1] ?? "";

export function identify(making: Making): Identity {
  const { type, digest } = making;
  const kind = kindOf(type);
  const name = nameOf(making);
  const own = PREFIXES[kind];
  const simple =
    own !== undefined
      ? `${own}-${digest.slice(0, 17)}`
      : UUIDS.has(kind)
        ? uuid(digest)
        : (partOf(making) ?? name);
  const arn = arnOf(making, name, simple);
  const id = BY_ARN.has(kind) ? arn : simple;
  const named = making.inputs["name"] === undefined && kind !== "ec2/securityGroup";
  return {
    id,
    name,
    outputs: {
      arn,
      [NAMED_BY[kind] ?? "name"]: name,
      ...(named ? { name } : {}),
      ...more(kind, id),
    },
  };
}

function nameOf({ type, name, inputs, digest }: Making): string {
  const kind = kindOf(type);
  const prefix = text(inputs["namePrefix"]) ?? text(inputs["bucketPrefix"]);
  return (
    text(inputs[NAMED_BY[kind] ?? "name"]) ??
    // Its one target group has this name, always.
    (kind === "rds/proxyDefaultTargetGroup"
      ? "default"
      : prefix === undefined
        ? `${name}-${digest.slice(0, 7)}`
        : `${prefix}${digest.slice(0, 26)}`)
  );
}

/** The id of a part, such as an add-on of a cluster: it begins with the name of its owner. */
function partOf({ type, inputs, name, digest }: Making): string | undefined {
  const kind = kindOf(type);
  if (kind.startsWith("s3/bucket") && kind !== "s3/bucket") return text(inputs["bucket"]);
  const owner =
    text(inputs["clusterName"]) ?? text(inputs["role"]) ?? text(inputs["dbProxyName"]) ?? undefined;
  const own =
    text(inputs["addonName"]) ?? text(inputs["principalArn"]) ?? `${name}-${digest.slice(0, 7)}`;
  return owner === undefined ? undefined : `${owner}:${own}`;
}

function arnOf({ type, region, place, digest }: Making, name: string, id: string): string {
  const kind = kindOf(type);
  if (kind === "s3/bucket") return `arn:aws:s3:::${name}`;
  const resource = RESOURCES[kind]?.(name, id, digest) ?? `${kind.replace("/", ":")}/${id}`;
  const [service = "", ...rest] = resource.split(":");
  return `arn:aws:${service}:${region}:${place.account}:${rest.join(":")}`;
}

function more(kind: string, id: string): WireObject {
  return kind === "kms/key" ? { keyId: id } : {};
}

/** What of an EKS cluster and its groups only AWS names. */
export function named(making: Making): WireObject {
  const { type, inputs, digest, region } = making;
  switch (kindOf(type)) {
    case "eks/cluster":
      return {
        identities: [
          {
            oidcs: [
              {
                issuer: `https://oidc.eks.${region}.amazonaws.com/id/${digest.slice(0, 32).toUpperCase()}`,
              },
            ],
          },
        ],
        vpcConfig: {
          ...(isObject(inputs["vpcConfig"]) ? inputs["vpcConfig"] : {}),
          clusterSecurityGroupId: `sg-${digest.slice(20, 37)}`,
        },
      };
    case "eks/nodeGroup":
      return { resources: [{ autoscalingGroups: [{ name: `eks-${digest.slice(0, 20)}` }] }] };
    default:
      return {};
  }
}
