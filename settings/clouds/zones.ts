import { list } from "../../lib/words";
import { problem, type Check } from "../problem";

/** Regions whose zones have letters, on any cloud. */
export type ZonedRegions = Readonly<
  Record<string, { readonly zones: string; readonly backup: string }>
>;

/** A quorum of three survives the loss of one zone. */
const NEEDED = 3;

/** Three zones by their full names, or all if the region has fewer. */
export const zonesOf = (
  regions: ZonedRegions,
  region: string,
  separator: "" | "-",
): readonly string[] => allZones(regions, region, separator).slice(0, NEEDED);

const allZones = (regions: ZonedRegions, region: string, separator: string): readonly string[] =>
  Array.from(regions[region]?.zones ?? "", (letter) => `${region}${separator}${letter}`);

const zonesAllowed = (region: string, known: readonly string[]): string =>
  known.length < NEEDED
    ? `a zone of ${region}`
    : `a zone of ${region} that Runstack supports: ${list(known)}`;

/** The region must be known and have three zones. A stack can choose which. */
export const zonedRegion =
  (regions: ZonedRegions, separator: "" | "-"): Check =>
  ({ backupRegion, zones }, { region: at }) => {
    if (at === undefined) {
      return [problem("region", at, `a region of the cloud: ${list(Object.keys(regions))}`)];
    }
    const enough = Object.keys(regions).filter(
      (region) => (regions[region]?.zones.length ?? 0) >= NEEDED,
    );
    const known = allZones(regions, at, separator);
    // In a region with fewer than three, an account may see zones that the table does not list.
    const fits = (zone: string) =>
      known.length < NEEDED ? zone.startsWith(`${at}${separator}`) : known.includes(zone);
    const outside = (zones ?? []).filter((zone) => !fits(zone));
    return [
      ...(regions[at] === undefined
        ? [problem("region", at, `a region of the cloud: ${list(Object.keys(regions))}`)]
        : zones === undefined && known.length < NEEDED
          ? [
              problem(
                "region",
                at,
                `a region with three zones, so that one can fail: ${list(enough)}; ${at} has only ${known.join(" and ")}`,
              ),
            ]
          : []),
      ...(zones !== undefined && new Set(zones).size !== NEEDED
        ? [problem("zones", zones, "three different zones, so that one can fail")]
        : []),
      ...outside.map((zone) => problem("zones", zone, zonesAllowed(at, known))),
      ...(backupRegion === undefined || regions[backupRegion] !== undefined
        ? []
        : [
            problem(
              "backupRegion",
              backupRegion,
              `a region of the cloud: ${list(Object.keys(regions))}`,
            ),
          ]),
    ];
  };
