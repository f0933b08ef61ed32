/**
 * Your own changes to single resources of a stack: a field that no configuration key sets. The plan shows
 * what they change, and the policies judge it.
 *
 * @example
 * import * as rds from "@pulumi/aws/rds";
 * import { Transform } from "./components/kit/transform";
 *
 * export const transforms = ({ environment }: Settings): readonly Transform[] =>
 *   environment === "prod"
 *     ? [Transform.of(rds.Instance, ({ args }) => ({ args: { ...args, monitoringInterval: 15 } }))]
 *     : [];
 */
import type { Transform } from "./components/kit/transform";
import type { Settings } from "./settings";

export const transforms: (settings: Settings) => readonly Transform[] = () => [];
