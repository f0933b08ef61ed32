/**
 * For tests: checks that the properties that policies read exist.
 *
 * A `Value` accepts any key, so a misspelled one reads as missing, and the policy misses violations
 * or reports false ones. Every property that the tests make policies read is looked up in the SDK's
 * declarations.
 */
import { POLICIES } from "../catalog";
import type { CheckContext, Policy, Resource, Stack } from "../policy";
import { Value, pathOf, type Key } from "../values";
import { hasPath } from "./sdk-types";

/** Reads that exist only in another form of the same object, by policy: a key of the path. */
const OTHER_FORMS: Readonly<Record<string, readonly string[]>> = {
  // One check for rules inside a group and for rules that are resources.
  "aws-network-acl-closed": ["ipProtocol"],
  "aws-security-group-entries-narrow": ["cidrIpv4", "cidrIpv6", "ipProtocol"],
  "aws-security-group-exits-narrow": ["cidrIpv4", "cidrIpv6", "ipProtocol"],
  // One check for rules of a bucket and of a lifecycle configuration, which are written differently.
  "aws-s3-lifecycle": [
    "abortIncompleteMultipartUpload",
    "abortIncompleteMultipartUploadDays",
    "enabled",
    "status",
  ],
  // One check for instances and clusters of either engine.
  "aws-rds-multi-zone": ["replicationSourceIdentifier"],
  // One check for every version of an autoscaler, and KEDA's.
  "autoscaler-requests": ["container"],
  "autoscaler-vertical-apart": ["container", "targetCPUUtilizationPercentage"],
  "runbook-scaling-triggers": ["triggers"],
  // One check for ConfigMaps and Secrets, and for everything that creates a Secret.
  "config-map-reference": ["stringData"],
  "secret-reference": ["binaryData"],
  "runbook-secrets": ["data", "encryptedData", "name"],
  // One check for an Ingress and a Gateway.
  "runbook-hosts-encrypted": ["listeners"],
  // One check for members and bindings, which have `member` and `members`.
  ...Object.fromEntries(
    ["admin-narrow", "default-accounts", "not-public", "pool-narrow"].map((name) => [
      `gcp-iam-${name}`,
      ["member", "members"],
    ]),
  ),
  // Clouds call tags `tags`, `labels` or `userLabels`.
  "pulumi-resource-tags": ["userLabels"],
  // Looks at every name/value pair, at any depth.
  "no-default-credentials": ["chart", "name"],
  "secret-not-plain": ["name"],
};

/** Resources for policies that look at the whole stack, or at every type. */
const EVERY_TYPE = [
  ...new Set(
    POLICIES.flatMap(({ check }) =>
      check.kind === "resource" && check.types !== "every" ? check.types : [],
    ),
  ),
];

interface Watch {
  readonly policy: string;
  readonly type: string;
  /** Other types of the policy: its check may not distinguish between them. */
  readonly others: readonly string[];
}

const watches = new WeakMap<object, Watch>();
let faults = new Set<string>();
/** Keys that come from the object itself, not from the policy. */
let enumerating = 0;
let isWatching = false;

/** The same policies, with recorded reads until `refuseUnknown` is called. */
export function watched(policies: readonly Policy[]): readonly Policy[] {
  watchValues();
  faults = new Set();
  return policies.map((policy) => {
    const { name, check } = policy;
    const watch = ({ type, props }: Resource, others: readonly string[]): void => {
      watches.set(props, { policy: name, type, others });
    };
    return check.kind === "stack"
      ? {
          ...policy,
          check: {
            ...check,
            run: (stack: Stack, context: CheckContext): void => {
              for (const resource of stack.resources) watch(resource, EVERY_TYPE);
              check.run(stack, context);
            },
          },
        }
      : {
          ...policy,
          check: {
            ...check,
            run: (resource: Resource, context: CheckContext): void => {
              watch(resource, check.types === "every" ? EVERY_TYPE : check.types);
              check.run(resource, context);
            },
          },
        };
  });
}

/** @throws if a policy read a property that none of its types has. */
export function refuseUnknown(): void {
  if (faults.size > 0) throw new Error([...faults].join("\n"));
}

const answers = new Map<string, boolean>();

function note({ policy, type, others }: Watch, keys: readonly Key[]): void {
  const names = keys.filter((key) => typeof key === "string");
  const question = [policy, type, ...names].join(" ");
  let isKnown = answers.get(question);
  if (isKnown === undefined) {
    isKnown =
      OTHER_FORMS[policy]?.some((key) => names.includes(key)) === true ||
      hasPath(type, names) !== false ||
      others.some((other) => hasPath(other, names) === true);
    answers.set(question, isKnown);
  }
  if (!isKnown) faults.add(`${policy} reads ${pathOf(keys)}, which ${type} does not have.`);
}

function watchValues(): void {
  if (isWatching) return;
  isWatching = true;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- they are called with a Value below
  const { get, list, entries } = Value.prototype;
  const enumerated = <Result>(run: () => Result): Result => {
    enumerating += 1;
    try {
      return run();
    } finally {
      enumerating -= 1;
    }
  };
  Value.prototype.list = function (): readonly Value[] {
    return enumerated(() => list.call(this));
  };
  Value.prototype.entries = function (): ReturnType<typeof entries> {
    return enumerated(() => entries.call(this));
  };
  Value.prototype.get = function (...keys: Key[]): Value {
    const watch = enumerating === 0 ? watches.get(rootOf(this)) : undefined;
    if (watch !== undefined) note(watch, [...this.keys, ...keys]);
    return get.apply(this, keys);
  };
}

function rootOf(value: Value): Value {
  let root = value;
  for (;;) {
    const parent = Reflect.get(root, "parent") as Value | undefined;
    if (parent === undefined) return root;
    root = parent;
  }
}
