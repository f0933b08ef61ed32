import { quantity } from "../../systems/units";
import { VALKEY_IMAGES } from "../../versions";
import { enforce, quoted } from "../kit/validation";
import type { InClusterRedisArguments } from "./in-cluster-names";

const MIB = 1024 ** 2;
const LEAST_MIB = 128;

/** Space for the log and for its rewritten copy. */
const STORAGE_OF_MEMORY = 2;

const LABEL = /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/;

/** What would fail only when the pod starts. Pure. */
export function checkInClusterRedis(
  name: string,
  args: Pick<InClusterRedisArguments, "serviceName" | "version" | "memory" | "storage">,
): void {
  const offered = Object.keys(VALKEY_IMAGES);
  enforce(`InClusterRedis ${name}`, [
    {
      holds: LABEL.test(args.serviceName),
      key: "serviceName",
      value: quoted(args.serviceName),
      allowed:
        "at most 40 lower-case letters, digits and hyphens, beginning with a letter and not ending with a hyphen",
      next: "The names of the pods and of their Services begin with it.",
    },
    {
      holds: offered.includes(args.version),
      key: "version",
      value: quoted(args.version),
      allowed: `one of ${offered.join(", ")}`,
      next: "In the cluster it is always Valkey, which speaks the Redis protocol.",
    },
    {
      holds: args.memory.bytes >= LEAST_MIB * MIB,
      key: "memory",
      value: quantity(args.memory),
      allowed: `${LEAST_MIB}Mi or more`,
      next: "Data can use only three quarters of it.",
    },
    {
      holds: args.storage.bytes >= STORAGE_OF_MEMORY * args.memory.bytes,
      key: "storage",
      value: quantity(args.storage),
      allowed: `at least twice the memory of ${quantity(args.memory)}`,
      next: "While the log is rewritten, the volume holds two copies.",
    },
  ]);
}
