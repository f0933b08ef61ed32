/** The tools whose examples can be read, each recognized by a folder that only it has. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Reader } from "../example";
import type { Table } from "../mapping";
import { CHECKOV } from "../tables/checkov";
import { DATREE } from "../tables/datree";
import { KUBE_LINTER } from "../tables/kube-linter";
import { KUBE_SCORE } from "../tables/kube-score";
import { KUBESCAPE } from "../tables/kubescape";
import { KYVERNO } from "../tables/kyverno";
import { POLARIS } from "../tables/polaris";
import { checkov } from "./checkov";
import { datree } from "./datree";
import { kubeLinter } from "./kube-linter";
import { kubeScore } from "./kube-score";
import { kubescape } from "./kubescape";
import { kyverno } from "./kyverno";
import { polaris } from "./polaris";

export interface Tool {
  readonly name: string;
  readonly isHere: (root: string) => boolean;
  readonly read: Reader;
  readonly table: Table;
}

const at =
  (...path: readonly string[]) =>
  (root: string): boolean =>
    existsSync(join(root, ...path));

export const TOOLS: readonly Tool[] = [
  { name: "Kyverno", isHere: at("pod-security", "baseline"), read: kyverno, table: KYVERNO },
  { name: "Kubescape", isHere: at("attack-tracks"), read: kubescape, table: KUBESCAPE },
  { name: "Polaris", isHere: at("test", "checks"), read: polaris, table: POLARIS },
  { name: "Checkov", isHere: at("tests", "kubernetes"), read: checkov, table: CHECKOV },
  { name: "kube-score", isHere: at("score", "testdata"), read: kubeScore, table: KUBE_SCORE },
  { name: "kube-linter", isHere: at("e2etests"), read: kubeLinter, table: KUBE_LINTER },
  { name: "Datree", isHere: at("pkg", "defaultRules"), read: datree, table: DATREE },
];
