/**
 * The vocabulary in which a runbook is written down: pure data, no Pulumi.
 *
 * Every element carries `clause`, the place in the runbook it comes from. Where a runbook leaves a
 * value open and we chose one, the element says so in `ours`: the attribute and the reason.
 * Names follow the field: Google's SRE workbook for objectives, Kubernetes' own names for its objects.
 */
export type * from "./model/cluster";
export type * from "./model/data";
export type * from "./model/edge";
export type * from "./model/element";
export type * from "./model/objectives";
export type * from "./model/operations";
export type * from "./model/services";
export type * from "./model/system";
