/** Formats that several keys share. Each error text completes the sentence "… must be". */
import { z } from "zod";
import { parseCidr } from "../../lib/cidr";
import { list } from "../../lib/words";

export const matching = (pattern: RegExp, allowed: string) =>
  z.string({ error: allowed }).regex(pattern, { error: allowed });

export const oneOf = <const T extends string>(values: readonly T[]) =>
  z.enum(values as readonly [T, ...T[]], { error: `one of ${list(values)}` });

export const listOf = <S extends z.ZodType>(item: S, allowed: string) =>
  z.array(item, { error: allowed });
export const mapOf = <S extends z.ZodType>(value: S, allowed: string) =>
  z.record(z.string(), value, { error: allowed });

export const truth = z.boolean({ error: "true or false" });

export const DOMAIN =
  /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;
export const email = matching(/^[^\s@<>"']+@[^\s@<>"']+\.[^\s@<>"']+$/, "an e-mail address");
export const bucket = matching(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, "a bucket's name");
export const objectName = (allowed: string) =>
  matching(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, allowed);
export const hostAndPort = (allowed: string) =>
  matching(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?:\d{2,5}$/, allowed);

export const network = z.string().refine((text) => parseCidr(text) !== undefined, {
  error: "an IPv4 network such as 10.100.0.0/20",
});

export const range = z.strictObject(
  {
    min: z.int({ error: "a whole number" }).min(1, { error: "at least 1" }),
    max: z.int({ error: "a whole number" }).min(1, { error: "at least 1" }),
  },
  { error: "two whole numbers, `min` and `max`" },
);

export const gibibytes = z
  .int({ error: "a whole number of GiB" })
  .min(10, { error: "at least 10 GiB" })
  .max(16_384, { error: "at most 16384 GiB" });

/** `[registry[:port]/]path:tag[@digest]` or `…@digest`; the tag or digest is checked separately. */
const IMAGE =
  /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[\w][\w.-]{0,127})?(@sha256:[a-f0-9]{64})?$/;

/**
 * Requires a tag or digest other than `latest`, so that the image that runs is the one that was reviewed.
 */
export const image = z
  .string({ error: "an image reference" })
  .regex(IMAGE, {
    error: "an image reference such as registry.example.com/team/api:1.4.2",
    abort: true,
  })
  .refine((text) => text.includes("@sha256:") || /:[^/:]+$/.test(text), {
    error: "an image with a tag or digest, such as registry.example.com/team/api:1.4.2",
  })
  .refine((text) => text.includes("@sha256:") || !text.endsWith(":latest"), {
    error: "an image with a fixed tag or digest; the image behind `latest` can change at any time",
  });
