import { z } from "zod";
import { parseCidr } from "./cidr";
import { SYSTEMS } from "../systems";
import { list } from "../text/words";

/** What a stack may set. `Pulumi.yaml` declares the same keys, with what each is for. */

const DOMAIN =
  /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
const EMAIL = /^[^\s@<>"']+@[^\s@<>"']+\.[^\s@<>"']+$/;
/** `[registry[:port]/]path:tag[@digest]` or `…@digest`; the tag or digest is checked by its own rule. */
const IMAGE =
  /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[\w][\w.-]{0,127})?(@sha256:[a-f0-9]{64})?$/;

const name = (pattern: RegExp, allowed: string) =>
  z.string({ error: allowed }).regex(pattern, { error: allowed });
const oneOf = (values: readonly string[]) =>
  z.enum(values as [string, ...string[]], { error: `one of ${list(values)}` });

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
/** The clouds that can be built on; a system may be described for others. */
export const CLOUDS = ["digitalocean"] as const;

export const schema = z.object({
  system: oneOf(Object.keys(SYSTEMS)),
  environment: z.enum(ENVIRONMENTS, { error: `one of ${list(ENVIRONMENTS)}` }),
  cloud: z.enum(CLOUDS, { error: list(CLOUDS) }).optional(),
  region: z.string({ error: "a region of the cloud" }).optional(),
  backupRegion: z.string({ error: "a region of the cloud" }).optional(),
  domain: name(DOMAIN, "a domain name in lower case, such as todo.example.com"),
  dns: z.enum(["create", "adopt", "manual"], { error: 'one of "create", "adopt", "manual"' }),
  dnsZone: name(DOMAIN, "a domain name in lower case, such as example.com").optional(),
  email: name(EMAIL, "an e-mail address"),
  images: z.record(z.string(), image, { error: "a map from service to image" }),
  kubernetesVersion: name(
    /^\d+\.\d+(\.\d+-do\.\d+)?$/,
    "a minor version such as 1.35, or an exact DigitalOcean version such as 1.35.1-do.0",
  ),
  // Sizes are read from their names by a rule of their own.
  systemNodeSize: z.string(),
  nodeSize: z.string(),
  nodes: range(1).optional(),
  redisSize: z.string(),
  kafkaSize: z.string(),
  kafkaVersion: name(/^\d+\.\d+$/, "a version such as 4.0").optional(),
  scaling: z.record(z.string(), range(1), { error: "a map from service to `min` and `max`" }),
  network: z
    .strictObject(
      { vpc: cidr, pods: cidr, services: cidr },
      { error: "`vpc`, `pods` and `services`" },
    )
    .optional(),
  controlPlaneAccess: z.array(cidr, { error: "a list of IPv4 networks" }),
  registryCredentials: z.boolean({ error: "true or false" }),
  imagePullSecret: name(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, "a Secret's name").optional(),
  backupBucket: name(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, "a bucket's name").optional(),
  registryIntegration: z.boolean({ error: "true or false" }),
  slackChannel: name(/^#[\w-]{1,80}$/, "a channel such as #todo-ops"),
  rotations: z.record(z.string(), z.string(), { error: "a map from secret key to any text" }),
  maintenance: z.boolean({ error: "true or false" }),
  protect: oneOf(["auto", "true", "false"]),
  chartMirror: name(
    /^oci:\/\/[^\s]+$/,
    "an OCI address such as oci://registry.example.com/charts",
  ).optional(),
  runbookUrl: name(/^https:\/\/\S+$/, "an https address"),
});

export type Values = z.infer<typeof schema>;
