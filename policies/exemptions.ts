/**
 * Exemptions: one policy, one set of resources, a reason, somebody who answers for it, and an end.
 *
 * They are data in the stack's configuration (`runstack:policyExemptions`). One that is malformed,
 * expired, names no policy or no resource exempts nothing and is itself a violation.
 */
import { nearest } from "../lib/words";
import type { Policy } from "./policy";
import { ADVICE, STRICT_IN_PRODUCTION } from "./policy";

interface Exemption {
  readonly policy: string;
  /** A URN in which `*` stands for any text. */
  readonly resource: string;
  readonly reason: string;
  readonly owner: string;
  /** The last day on which it holds, `YYYY-MM-DD` in UTC. */
  readonly expires: string;
}

interface Entry {
  /** Its place in the configuration, for messages. */
  readonly place: string;
  readonly exemption: Exemption;
  readonly pattern: RegExp;
}

export interface Exemptions {
  /** Whether a violation of this policy by this resource (empty: the whole stack) is exempt today. */
  readonly cover: (policy: string, urn: string) => boolean;
  /** The same of a violation that was found: what it is covered by has been needed. */
  readonly spare: (policy: string, urn: string) => boolean;
  /** What is wrong with the exemptions themselves, one sentence each. */
  readonly faults: (policies: ReadonlySet<string>, urns: readonly string[]) => readonly string[];
  /**
   * What was not needed since this was asked last, one sentence each; nothing of what `faults` names.
   * @param isOpen whether the policy left a value undecided, and may need it after all
   */
  readonly unneeded: (
    isOpen: (policy: string) => boolean,
    policies: ReadonlySet<string>,
    urns: readonly string[],
  ) => readonly string[];
}

export const EXEMPTIONS_KEY = "runstack:policyExemptions";
const FIELDS = ["policy", "resource", "reason", "owner", "expires"] as const;
/** The policies that watch over the pack itself. */
const NEVER_EXEMPT: ReadonlySet<string> = new Set([
  "exemption-valid",
  "exemption-needed",
  "exempted",
  "undecided",
]);

/** Today in UTC, `YYYY-MM-DD`: the only place in the pack that reads the clock. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/**
 * @param written what the configuration holds
 * @param day `YYYY-MM-DD`, UTC
 * @param key where it is written, for messages
 */
export function readExemptions(
  written: unknown,
  day: string = today(),
  key: string = EXEMPTIONS_KEY,
): Exemptions {
  const { entries, malformed } = parse(written, key);
  const inForce = entries.filter(
    ({ exemption }) => exemption.expires >= day && !NEVER_EXEMPT.has(exemption.policy),
  );
  const needed = new Set<Entry>();
  const covering = (policy: string, urn: string): readonly Entry[] =>
    inForce.filter(({ exemption, pattern }) => exemption.policy === policy && pattern.test(urn));
  return {
    cover: (policy, urn) => covering(policy, urn).length > 0,
    spare: (policy, urn) => {
      const entries = covering(policy, urn);
      for (const entry of entries) needed.add(entry);
      return entries.length > 0;
    },
    unneeded: (isOpen, policies, urns) => {
      const idle = inForce.filter(
        (entry) =>
          !needed.has(entry) &&
          !isOpen(entry.exemption.policy) &&
          fault(entry, day, policies, urns).length === 0,
      );
      needed.clear();
      return idle.map(
        ({ place, exemption: { policy, owner, resource } }) =>
          `${place} (${policy}, owner ${owner}) exempts nothing: "${resource}" does not violate the policy; remove the exemption.`,
      );
    },
    faults: (policies, urns) => [
      ...malformed,
      ...entries.flatMap((entry) => fault(entry, day, policies, urns)),
    ],
  };
}

function fault(
  { place, exemption, pattern }: Entry,
  day: string,
  policies: ReadonlySet<string>,
  urns: readonly string[],
): readonly string[] {
  const { policy, resource, expires, owner } = exemption;
  if (!policies.has(policy)) {
    const near = nearest(policy, [...policies]);
    const hint = near === undefined ? "" : ` Did you mean "${near}"?`;
    return [
      `${place} names the policy "${policy}", which this pack does not have; correct the name or remove the exemption.${hint}`,
    ];
  }
  if (NEVER_EXEMPT.has(policy)) {
    return [
      `${place} names the policy "${policy}", from which nothing can be exempt; remove the exemption.`,
    ];
  }
  if (expires < day) {
    return [
      `${place} (${policy}, owner ${owner}) expired on ${expires}; fix the resource, or have the exemption renewed with a new date.`,
    ];
  }
  if (!urns.some((urn) => pattern.test(urn))) {
    return [
      `${place} (${policy}) has the resource "${resource}", which matches no URN of this stack; correct it or remove the exemption.`,
    ];
  }
  return [];
}

function parse(
  written: unknown,
  key: string,
): { entries: readonly Entry[]; malformed: readonly string[] } {
  if (!Array.isArray(written)) {
    return {
      entries: [],
      malformed: [
        `${key} is ${typeof written === "string" ? "not JSON" : "not a list"}; write a list of objects with the keys ${FIELDS.join(", ")}.`,
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
    return `is not an object; write one with the keys ${FIELDS.join(", ")}.`;
  }
  const fields = item as Record<string, unknown>;
  const stranger = Object.keys(fields).find((key) => !(FIELDS as readonly string[]).includes(key));
  if (stranger !== undefined) {
    return `has the key "${stranger}"; allowed are ${FIELDS.join(", ")}.`;
  }
  const read = (key: (typeof FIELDS)[number]): string => {
    const value = fields[key];
    return typeof value === "string" ? value.trim() : "";
  };
  const empty = FIELDS.find((key) => read(key) === "");
  if (empty !== undefined) return `has no "${empty}"; every exemption needs ${FIELDS.join(", ")}.`;
  // The engine's rendering of a date that is not quoted in the stack's file.
  const expires = read("expires").replace(/ 00:00:00 \+0000 UTC$/, "");
  if (!isDate(expires)) {
    return `has the expiry "${expires}"; write a date that exists, as YYYY-MM-DD.`;
  }
  return {
    policy: read("policy"),
    resource: read("resource"),
    reason: read("reason"),
    owner: read("owner"),
    expires,
  };
}

function isDate(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  // Date.parse turns 31 February into a day of March; only a date that exists comes back unchanged.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function glob(text: string): RegExp {
  const parts = text.split("*").map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s");
}

export const exemptionValid: Policy = {
  name: "exemption-valid",
  title: "Exemptions are complete and in force",
  clause: { reference: "PO-04" },
  severity: "high",
  themes: ["governance"],
  prevents: "An exemption that nobody remembers keeps a risk open for ever.",
  description:
    "Every policy exemption names a policy, a resource of the stack, a reason, an owner and a date that has not passed.",
  remediation: `Correct, renew or remove the entry of ${EXEMPTIONS_KEY} in the stack's configuration file.`,
  enforcement: STRICT_IN_PRODUCTION,
  check: {
    kind: "stack",
    run: (stack, context) => {
      const urns = stack.resources.map((resource) => resource.urn);
      for (const message of context.pack.exemptions.faults(context.pack.names, urns)) {
        context.report(message);
      }
    },
  },
};

/** Must come after every policy that can be exempt, and before `undecided`. */
export const exemptionNeeded: Policy = {
  name: "exemption-needed",
  title: "Exemptions cover a violation",
  clause: { reference: "PO-04" },
  severity: "low",
  themes: ["governance"],
  prevents: "A resource that was mended long ago may be broken again without anybody noticing.",
  description: "Every policy exemption in force covers at least one violation of the stack.",
  remediation: `Remove the entry of ${EXEMPTIONS_KEY} from the stack's configuration file.`,
  enforcement: ADVICE,
  check: {
    kind: "stack",
    run: (stack, context) => {
      const { exemptions, names, undecided } = context.pack;
      const urns = stack.resources.map(({ urn }) => urn);
      for (const message of exemptions.unneeded(undecided.has, names, urns)) {
        context.report(message);
      }
    },
  },
};

/** Must come after every policy that can be exempt. */
export const exempted: Policy = {
  name: "exempted",
  title: "Exempt violations are counted",
  clause: { reference: "PO-04" },
  severity: "low",
  themes: ["governance"],
  prevents: "A plan in which violations were set aside looks like one without any.",
  description: "A preview says how many violations the stack's exemptions cover, by policy.",
  remediation: `Fix the resources, then remove their entries of ${EXEMPTIONS_KEY}.`,
  enforcement: ADVICE,
  check: {
    kind: "stack",
    run: (_, context) => {
      const covered = context.pack.exempted.take();
      if (covered === undefined) return;
      const violations = covered.total === 1 ? "1 violation is" : `${covered.total} violations are`;
      context.report(`${violations} exempt by ${EXEMPTIONS_KEY}: ${covered.each}.`);
    },
  },
};
