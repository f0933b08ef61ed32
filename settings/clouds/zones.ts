import { list } from "../../lib/words";
import { problem, type Check } from "../problem";

/** What regions with lettered zones have in common, whichever cloud calls them so. */
export type ZonedRegions = Readonly<
  Record<string, { readonly zones: string; readonly backup: string }>
>;

/** Enough for a quorum to survive the loss of one. */
const NEEDED = 3;

/** Three zones by their full names, or as many as the region has. */
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
    : `a zone of ${region} that can be used here: ${list(known)}`;

/** The region must be known, and have three zones; a stack may name which. */
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
    // Of a region with fewer than three, an account may see others than the table has.
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
                `a region with three zones, for one to fail: ${list(enough)}; ${at} has only ${known.join(" and ")}`,
              ),
            ]
          : []),
      ...(zones !== undefined && new Set(zones).size !== NEEDED
        ? [problem("zones", zones, "three different zones, for one to fail")]
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
