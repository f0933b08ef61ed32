import { quantity } from "../../systems/units";
import { VALKEY_IMAGES } from "../../versions";
import { ComponentError } from "../kit/component";
import type { InClusterRedisArguments } from "./in-cluster-names";

const MIB = 1024 ** 2;
const LEAST_MIB = 128;

/** Room for the log and for the copy that replaces it. */
const STORAGE_OF_MEMORY = 2;

const LABEL = /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/;

/** What would fail only once the pods start. Pure. */
export function checkInClusterRedis(
  name: string,
  args: Pick<InClusterRedisArguments, "serviceName" | "version" | "memory" | "storage">,
): void {
  const refuse = (key: string, value: string, allowed: string, next: string) => {
    throw new ComponentError(`InClusterRedis ${name}`, key, value, allowed, next);
  };
  if (!LABEL.test(args.serviceName)) {
    refuse(
      "serviceName",
      `"${args.serviceName}"`,
      "at most 40 lower-case letters, digits and hyphens, beginning with a letter and not ending with a hyphen",
      "The names of the pods and of their Services begin with it.",
    );
  }
  const offered = Object.keys(VALKEY_IMAGES);
  if (!offered.includes(args.version)) {
    refuse(
      "version",
      `"${args.version}"`,
      `one of ${offered.join(", ")}`,
      "In a cluster it is always Valkey, which speaks Redis' protocol.",
    );
  }
  if (args.memory.bytes < LEAST_MIB * MIB) {
    refuse(
      "memory",
      quantity(args.memory),
      `${LEAST_MIB}Mi or more`,
      "A quarter of it is not for data.",
    );
  }
  if (args.storage.bytes < STORAGE_OF_MEMORY * args.memory.bytes) {
    refuse(
      "storage",
      quantity(args.storage),
      `twice the memory of ${quantity(args.memory)} or more`,
      "While the log is rewritten, the volume holds both.",
    );
  }
}
