/**
 * The data model for runbooks: pure data, no Pulumi.
 *
 * Every element has a `clause`, its source in the runbook. If a runbook leaves a
 * value open and we chose one, `ours` names the attribute and the reason.
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
