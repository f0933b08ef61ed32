import { z } from "zod";
import { parseCidr } from "../lib/cidr";
import { SYSTEMS } from "../systems";
import { list } from "../lib/words";

/** What a stack may set. `Pulumi.yaml` declares the same keys, with what each is for. */

const DOMAIN =
  /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const EMAIL = /^[^\s@<>"']+@[^\s@<>"']+\.[^\s@<>"']+$/;
/** `[registry[:port]/]path:tag[@digest]` or `…@digest`; the tag or digest is checked by its own rule. */
const IMAGE =
  /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[\w][\w.-]{0,127})?(@sha256:[a-f0-9]{64})?$/;

const name = (pattern: RegExp, allowed: string) =>
  z.string({ error: allowed }).regex(pattern, { error: allowed });
const oneOf = <const T extends string>(values: readonly T[]) =>
  z.enum(values as readonly [T, ...T[]], { error: `one of ${list(values)}` });

const cidr = z.string().refine((text) => parseCidr(text) !== undefined, {
  error: "an IPv4 network such as 10.100.0.0/20",
});

const range = (least: number) =>
  z.strictObject(
    {
      min: z.int({ error: "a whole number" }).min(least, { error: `at least ${least}` }),
      max: z.int({ error: "a whole number" }).min(1, { error: "at least 1" }),
    },
    { error: "two whole numbers, `min` and `max`" },
  );

/** Tag or digest present, and not `latest`: what runs must be what was reviewed. */
const image = z
  .string({ error: "an image reference" })
  .regex(IMAGE, {
    error: "an image reference such as registry.example.com/team/api:1.4.2",
    abort: true,
  })
  .refine((text) => text.includes("@sha256:") || /:[^/:]+$/.test(text), {
    error: "an image with a tag or digest, such as registry.example.com/team/api:1.4.2",
  })
  .refine((text) => text.includes("@sha256:") || !text.endsWith(":latest"), {
    error: "an image with a fixed tag or digest; `latest` changes under a running system",
  });

export const ENVIRONMENTS = ["prod", "staging", "dr"] as const;
export const CLOUDS = ["digitalocean", "aws", "gcp", "existing"] as const;
/** Who runs a data service. */
export const VARIANTS = ["managed", "operator", "external"] as const;
/** What a cloud may replace instead of changing it, and protection therefore refuses to touch. */
export const REPLACEABLE = ["cluster", "nodes", "postgres", "redis", "kafka"] as const;

const variant = oneOf(VARIANTS).optional();
const gigabytes = z
  .int({ error: "a whole number of GiB" })
  .min(10, { error: "at least 10 GiB" })
  .max(16_384, { error: "at most 16384 GiB" })
  .optional();

export const schema = z.object({
  system: oneOf(Object.keys(SYSTEMS)),
  environment: z.enum(ENVIRONMENTS, { error: `one of ${list(ENVIRONMENTS)}` }),
  cloud: oneOf(CLOUDS).optional(),
  region: z.string({ error: "a region of the cloud" }).optional(),
  zones: z
    .array(z.string({ error: "a zone's full name" }), { error: "a list of zones" })
    .optional(),
  project: name(
    /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
    "the id of a Google Cloud project, such as my-project-1",
  ).optional(),
  kubeContext: name(/^\S{1,253}$/, "the name of a context in the kubeconfig").optional(),
  storageClass: name(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, "a StorageClass's name").optional(),
  metricsServer: oneOf(["adopt", "create"]),
  imageRepository: oneOf(["create", "adopt"]).optional(),
  loadBalancerAnnotations: z.record(z.string(), z.string({ error: "text" }), {
    error: "a map from annotation to text",
  }),
  administrators: z.array(
    name(
      /^arn:aws(-[a-z]+)*:iam::\d{12}:(user|role)\/\S+$/,
      "an IAM user or role, such as arn:aws:iam::123456789012:role/operators",
    ),
    { error: "a list of IAM users and roles" },
  ),
  backupRegion: z.string({ error: "a region of the cloud" }).optional(),
  domain: name(DOMAIN, "a domain name in lower case, such as todo.example.com"),
  dns: z.enum(["create", "adopt", "manual"], { error: 'one of "create", "adopt", "manual"' }),
  dnsZone: name(DOMAIN, "a domain name in lower case, such as example.com").optional(),
  dnsZoneId: name(/^[A-Za-z0-9-]{1,64}$/, "the zone's id in the cloud").optional(),
  email: name(EMAIL, "an e-mail address"),
  images: z.record(z.string(), image, { error: "a map from service to image" }),
  kubernetesVersion: name(
    /^\d+\.\d+(\.\d+-do\.\d+)?$/,
    "a minor version such as 1.35, or an exact DigitalOcean version such as 1.35.1-do.0",
  ),
  // Sizes are read from their names by rules of each cloud.
  systemNodeSize: z.string(),
  nodeSize: z.string(),
  nodes: range(1).optional(),
  postgres: variant,
  postgresSize: z.string(),
  postgresVersion: name(/^\d+(\.\d+)?$/, "a version such as 15 or 15.18").optional(),
  postgresUpgrade: z.boolean({ error: "true or false" }),
  postgresStorage: gigabytes,
  postgresReplicas: z
    .int({ error: "a whole number" })
    .min(0, { error: "at least 0" })
    .max(5, { error: "at most 5" })
    .optional(),
  pointInTimeRecovery: z
    .int({ error: "a whole number of days" })
    .min(1, { error: "at least 1 day" })
    .optional(),
  replicaOf: name(/^\S{3,500}$/, "the primary's identifier").optional(),
  redis: variant,
  redisSize: z.string(),
  redisVersion: name(/^\d+(\.\d+)?$/, "a version such as 7.0").optional(),
  kafka: variant,
  kafkaSize: z.string(),
  kafkaVersion: name(/^\d+\.\d+(\.\d+)?$/, "a version such as 4.0").optional(),
  kafkaStorage: gigabytes,
  kafkaBrokers: z.array(
    name(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?:\d{2,5}$/, "HOST:PORT of a broker"),
    { error: "a list of brokers" },
  ),
  kafkaAuthentication: oneOf(["scram-sha-256", "scram-sha-512", "plain"]),
  scaling: z.record(z.string(), range(1), { error: "a map from service to `min` and `max`" }),
  network: z
    .strictObject(
      {
        vpc: cidr.optional(),
        pods: cidr.optional(),
        services: cidr.optional(),
        managed: cidr.optional(),
      },
      { error: "a map with `vpc`, `pods`, `services` and `managed`" },
    )
    .optional(),
  controlPlaneAccess: z.array(cidr, { error: "a list of IPv4 networks" }),
  registryCredentials: z.boolean({ error: "true or false" }),
  imagePullSecret: name(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, "a Secret's name").optional(),
  backupBucket: name(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, "a bucket's name").optional(),
  buckets: z.record(z.string(), name(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, "a bucket's name"), {
    error: "a map from the runbook's bucket to another name",
  }),
  backupEndpoint: name(DOMAIN, "the host name of an S3 service").optional(),
  registryIntegration: z.boolean({ error: "true or false" }),
  secretStore: oneOf(["create", "adopt", "none"]).optional(),
  models: z.array(
    name(/^[a-z0-9][a-z0-9._/-]*(:[A-Za-z0-9._-]+)?$/, "a model such as llama3.2:3b"),
    { error: "a list of models" },
  ),
  mail: z
    .strictObject(
      {
        smarthost: name(
          /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?:\d{2,5}$/,
          "HOST:PORT of a mail server",
        ),
        from: name(EMAIL, "an e-mail address"),
        username: name(/^\S{1,254}$/, "the name that signs in to the mail server"),
      },
      { error: "a map with `smarthost`, `from` and `username`" },
    )
    .optional(),
  slackChannel: name(/^#[\w-]{1,80}$/, "a channel such as #todo-ops"),
  rotations: z.record(z.string(), z.string(), { error: "a map from secret key to any text" }),
  maintenance: z.boolean({ error: "true or false" }),
  protect: oneOf(["auto", "true", "false"]),
  replace: z.array(oneOf(REPLACEABLE), { error: "a list" }),
  chartMirror: name(
    /^oci:\/\/[^\s]+$/,
    "an OCI address such as oci://registry.example.com/charts",
  ).optional(),
  runbookUrl: name(/^https:\/\/\S+$/, "an https address"),
});

export type Values = z.infer<typeof schema>;
