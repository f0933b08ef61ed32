/**
 * Exemptions of a stack: one policy, one set of resources, a reason, an owner and an end date.
 * Exceptions that no stack owner decides are in exceptions.ts.
 *
 * They are data in the stack's configuration (`runstack:policyExemptions`). One that is malformed
 * or expired, or that names no policy or no resource, exempts nothing and is itself a violation.
 */
import { nearest } from "../lib/words";
import type { Exception } from "./exceptions";

interface Exemption {
  readonly policy: string;
  /** A URN in which `*` matches any text. */
  readonly resource: string;
  readonly reason: string;
  readonly owner: string;
  /** The last day on which it applies, `YYYY-MM-DD` in UTC. */
  readonly expires: string;
  /** A URN, with `*` for any text, of what the reason relies on: it must exist in the stack. */
  readonly relies?: string;
}

interface Entry {
  /** Its place in the configuration, for messages. */
  readonly place: string;
  readonly exemption: Exemption;
  readonly pattern: RegExp;
}

export interface Exemptions {
  /**
   * Whether a violation of this policy by this resource (empty: the whole stack) is exempt today.
   */
  readonly cover: (policy: string, urn: string) => boolean;
  /**
   * The same for an actual violation: the reason and where it is written; undefined if it is not
   * exempt. A covering exemption of the stack is then marked as needed, unless an exception covers
   * the violation.
   * @param of the runbook element that the violation is about
   */
  readonly spare: (policy: string, urn: string, of?: string) => string | undefined;
  /** What is wrong with the exemptions themselves, one sentence each. */
  readonly faults: (policies: ReadonlySet<string>, urns: readonly string[]) => readonly string[];
  /**
   * Exemptions not needed since the last call, one sentence each, without those in `faults`.
   * @param isOpen whether the policy left a value unknown, and may still need the exemption
   */
  readonly unneeded: (
    isOpen: (policy: string) => boolean,
    policies: ReadonlySet<string>,
    urns: readonly string[],
  ) => readonly string[];
  /**
   * Exemptions that apply today and expire within that many days, one sentence each, without those
   * in `faults`.
   */
  readonly ending: (
    days: number,
    policies: ReadonlySet<string>,
    urns: readonly string[],
  ) => readonly string[];
  /** Exceptions in addition to the stack's exemptions. */
  readonly exceptions: readonly Exception[];
}

interface Reading {
  /** `YYYY-MM-DD`, UTC. @default the clock */
  readonly day?: string | undefined;
  /** Where the exemptions are written, for messages. @default the stack's configuration */
  readonly key?: string | undefined;
  readonly exceptions?: readonly Exception[];
}

export const EXEMPTIONS_KEY = "runstack:policyExemptions";
const FIELDS = ["policy", "resource", "reason", "owner", "expires"] as const;
const ALLOWED: readonly string[] = [...FIELDS, "relies"];
/** The policies about the pack itself. */
const NEVER_EXEMPT: ReadonlySet<string> = new Set([
  "exemption-valid",
  "exemption-needed",
  "exemption-expiring",
  "exempted",
  "undecided",
]);

/** Today in UTC, `YYYY-MM-DD`: the only place in the pack that reads the clock. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

export const mayBeExempt = ({ policy }: { readonly policy: string }): boolean =>
  !NEVER_EXEMPT.has(policy);

const exceptionIn =
  (exceptions: readonly Exception[]) =>
  (policy: string, urn: string, of?: string): Exception | undefined =>
    exceptions.find((one) => one.policy === policy && one.covers(urn, of));

/** @param written the value in the configuration */
export function readExemptions(
  written: unknown,
  { day = today(), key = EXEMPTIONS_KEY, exceptions = [] }: Reading = {},
): Exemptions {
  const { entries, malformed } = parse(written, key);
  const inForce = entries.filter(({ exemption: it }) => it.expires >= day && mayBeExempt(it));
  const excepted = exceptions.filter(mayBeExempt);
  const needed = new Set<Entry>();
  const entriesFor = (policy: string, urn: string): readonly Entry[] =>
    inForce.filter(({ exemption, pattern }) => exemption.policy === policy && pattern.test(urn));
  const sound = (policies: ReadonlySet<string>, urns: readonly string[]): readonly Entry[] =>
    inForce.filter((entry) => fault(entry, day, policies, urns).length === 0);
  const exceptionFor = exceptionIn(excepted);
  return {
    exceptions: excepted,
    cover: (policy, urn) =>
      exceptionFor(policy, urn) !== undefined || entriesFor(policy, urn).length > 0,
    spare: (policy, urn, of) => {
      const exception = exceptionFor(policy, urn, of);
      if (exception !== undefined) return `${exception.reason} (${exception.from})`;
      const covering = entriesFor(policy, urn);
      covering.forEach((entry) => needed.add(entry));
      return covering.map(reasonOf)[0];
    },
    unneeded: (isOpen, policies, urns) => {
      const idle = sound(policies, urns).filter(
        (entry) => !needed.has(entry) && !isOpen(entry.exemption.policy),
      );
      needed.clear();
      return idle.map(exemptsNothing);
    },
    ending: (days, policies, urns) =>
      sound(policies, urns)
        .filter(({ exemption }) => daysBetween(day, exemption.expires) <= days)
        .map((entry) => endsSoon(entry, day)),
    faults: (policies, urns) =>
      malformed.concat(entries.flatMap((entry) => fault(entry, day, policies, urns))),
  };
}

const reasonOf = ({ place, exemption: { reason, owner, expires } }: Entry): string =>
  `${reason.replace(/\.$/, "")} (${place}, owner ${owner}, until ${expires})`;

const exemptsNothing = ({ place, exemption: { policy, owner, resource } }: Entry): string =>
  `${place} (${policy}, owner ${owner}) exempts nothing: "${resource}" does not violate the policy, or is exempt without this entry; remove the exemption.`;

function endsSoon({ place, exemption: { policy, owner, expires } }: Entry, day: string): string {
  const left = daysBetween(day, expires);
  const when = left === 0 ? "today" : left === 1 ? "tomorrow" : `in ${left} days`;
  return `${place} (${policy}, owner ${owner}) ends ${when}, on ${expires}; fix the resource and remove the exemption, or have it renewed with a new date.`;
}

const daysBetween = (from: string, to: string): number =>
  (Date.parse(to) - Date.parse(from)) / (24 * 60 * 60 * 1000);

function fault(
  { place, exemption, pattern }: Entry,
  day: string,
  policies: ReadonlySet<string>,
  urns: readonly string[],
): readonly string[] {
  const { policy, resource, expires, owner, relies } = exemption;
  if (!policies.has(policy)) {
    const near = nearest(policy, [...policies]);
    const hint = near === undefined ? "" : ` Did you mean "${near}"?`;
    return [
      `${place} names the policy "${policy}", which this pack does not have; correct the name or remove the exemption.${hint}`,
    ];
  }
  if (NEVER_EXEMPT.has(policy)) {
    return [
      `${place} names the policy "${policy}", which allows no exemptions; remove the exemption.`,
    ];
  }
  if (expires < day) {
    return [
      `${place} (${policy}, owner ${owner}) expired on ${expires}; fix the resource and remove the exemption, or have it renewed with a new date.`,
    ];
  }
  if (!urns.some((urn) => pattern.test(urn))) {
    return [
      `${place} (${policy}) has the resource "${resource}", which matches no URN of this stack; correct it or remove the exemption.`,
    ];
  }
  return relies === undefined || urns.some((urn) => glob(relies).test(urn))
    ? []
    : [
        `${place} (${policy}) relies on "${relies}", which matches no URN of this stack; correct it or remove the exemption.`,
      ];
}

function parse(
  written: unknown,
  key: string,
): { entries: readonly Entry[]; malformed: readonly string[] } {
  if (!Array.isArray(written)) {
    return {
      entries: [],
      malformed: [
        `${key} is ${typeof written === "string" ? "not JSON" : "not a list"}; use a list of objects with the keys ${FIELDS.join(", ")}.`,
      ],
    };
  }
  const entries: Entry[] = [];
  const malformed: string[] = [];
  written.forEach((item: unknown, index) => {
    const place = `${key}[${String(index)}]`;
    const exemption = asExemption(item);
    if (typeof exemption === "string") malformed.push(`${place} ${exemption}`);
    else entries.push({ place, exemption, pattern: glob(exemption.resource) });
  });
  return { entries, malformed };
}

/** The exemption, or what is wrong with it. */
function asExemption(item: unknown): Exemption | string {
  if (typeof item !== "object" || item === null || Array.isArray(item)) {
    return `is not an object; use one with the keys ${FIELDS.join(", ")}.`;
  }
  const fields = item as Record<string, unknown>;
  const stranger = Object.keys(fields).find((key) => !ALLOWED.includes(key));
  if (stranger !== undefined) {
    return `has the key "${stranger}"; allowed are ${ALLOWED.join(", ")}.`;
  }
  const read = (key: keyof Exemption): string => {
    const value = fields[key];
    return typeof value === "string" ? value.trim() : "";
  };
  const empty = FIELDS.find((key) => read(key) === "");
  if (empty !== undefined) return `has no "${empty}"; every exemption needs ${FIELDS.join(", ")}.`;
  // How the engine renders an unquoted date in the stack file.
  const expires = read("expires").replace(/ 00:00:00 \+0000 UTC$/, "");
  if (!isDate(expires)) {
    return `has the expiry "${expires}"; use an existing date, as YYYY-MM-DD.`;
  }
  return {
    policy: read("policy"),
    resource: read("resource"),
    reason: read("reason"),
    owner: read("owner"),
    expires,
    ...("relies" in fields ? { relies: read("relies") } : {}),
  };
}

/** An existing date, as `YYYY-MM-DD`. */
export function isDate(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  // Date.parse turns 31 February into a day in March; only an existing date comes back unchanged.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function glob(text: string): RegExp {
  const parts = text.split("*").map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s");
}
