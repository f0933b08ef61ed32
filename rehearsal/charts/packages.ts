/** The charts of a rehearsal: real packages where a folder has them, stand-ins for the rest. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CustomKind } from "./definitions";
import { packageOf, type Package } from "./registry";
import { standIn, type ChartName } from "./stand-in";

export interface Packages {
  readonly packages: readonly Package[];
  /** Those that stand in for the real ones. */
  readonly standIns: readonly ChartName[];
}

/**
 * @param folder has packages as `helm pull` names them: `CHART-VERSION.tgz`
 * @param kinds what the stack's objects are, for the definitions of stand-ins
 */
export function packagesFor(
  charts: readonly ChartName[],
  kinds: readonly CustomKind[],
  folder: string | undefined,
): Packages {
  const standIns: ChartName[] = [];
  const packages = charts.map((name) => {
    const file = folder && join(folder, `${name.chart}-${name.version}.tgz`);
    if (file && existsSync(file)) return { ...name, archive: readFileSync(file) };
    standIns.push(name);
    return packageOf(name, standIn(name, kinds));
  });
  return { packages, standIns };
}
