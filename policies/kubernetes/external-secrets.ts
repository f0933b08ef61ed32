/** ExternalSecrets: stores and refresh intervals. */
import { secondsOf } from "../../lib/durations";
import { each, expectThat, expectNot, type Check } from "../expect";
import { inCluster, keyOf, namespaceOf } from "./objects";
import { WEIGHED } from "../in-manifests";
import type { CheckContext, Policy, Stack } from "../policy";
import { STRICT_IN_PRODUCTION, finding } from "../policy";
import type { Value } from "../values";

const EXTERNAL_SECRET = "kubernetes:external-secrets.io:ExternalSecret";
const STORE = "kubernetes:external-secrets.io:SecretStore";
const DOCS = "https://external-secrets.io/latest/api/";
const LONGEST_HOURS = 24;
const HOUR = 3600;

/** The operator's default is an hour; 0 means never. */
function isRefreshed(check: Check): void {
  const { resource, context } = check;
  const spec = resource.props.get("spec");
  const expected = 'a rotated secret would not be picked up: it must be "Periodic"';
  expectNot(check, spec.get("refreshPolicy"), "CreatedOnce", expected);
  const hours = context.setting("longestHours", LONGEST_HOURS);
  const isRight = ({ isMissing, string }: Value): boolean => {
    const seconds = isMissing ? HOUR : (secondsOf(string ?? "") ?? 0);
    return seconds > 0 && seconds <= hours * HOUR;
  };
  expectThat(
    check,
    spec.get("refreshInterval"),
    isRight,
    `it must be a duration of ${hours}h or less, and not 0`,
  );
}

function storeExists(stack: Stack, context: CheckContext): void {
  const stores = new Set<string>();
  for (const store of stack.of(STORE)) {
    // An unknown one may be any in its cluster.
    stores.add(keyOf(store, store.props.get("metadata", "name"), context) ?? inCluster(store));
  }
  for (const secret of stack.of(EXTERNAL_SECRET)) {
    const store = secret.props.get("spec", "secretStoreRef");
    const name = store.get("name");
    const kind = store.get("kind");
    // A ClusterSecretStore is cluster-wide, and each entry may name its own store instead.
    if (context.noteUnknown(kind, secret.urn) || (kind.string ?? "SecretStore") !== "SecretStore")
      continue;
    const key = keyOf(secret, name, context);
    if (key === undefined || name.isMissing) continue;
    if ([key, inCluster(secret)].some((each) => stores.has(each))) continue;
    const expected = `the namespace "${namespaceOf(secret) ?? ""}" has no such SecretStore: use the name of an existing one, or create it`;
    context.report(finding(secret, name, expected), secret.urn);
  }
}

const shared = { themes: ["secrets"], enforcement: STRICT_IN_PRODUCTION } as const;

export const externalSecrets: readonly Policy[] = [
  {
    ...shared,
    name: "external-secret-refreshed",
    title: "ExternalSecrets are refreshed",
    clause: { reference: "PO-03; ALL-07", url: `${DOCS}externalsecret/` },
    severity: "medium",
    prevents: "A secret is rotated in the store, and the services keep using the old one.",
    description: "An ExternalSecret is refreshed at least once a day.",
    remediation: "Set spec.refreshInterval to 1h, or leave it out.",
    inManifests: WEIGHED,
    configuration: {
      properties: {
        longestHours: {
          type: "number",
          exclusiveMinimum: 0,
          default: LONGEST_HOURS,
          description: "Maximum number of hours between refreshes",
        },
      },
    },
    check: each([EXTERNAL_SECRET], isRefreshed),
  },
  {
    ...shared,
    name: "external-secret-store",
    title: "ExternalSecrets name an existing store",
    clause: { reference: "PO-03; ALL-07", url: `${DOCS}secretstore/` },
    severity: "high",
    prevents: "The Secret is never created, and the pods that need it do not start.",
    description: "The SecretStore that an ExternalSecret names exists in its namespace.",
    remediation: "Set spec.secretStoreRef to the name of the SecretStore, or add that store.",
    check: { kind: "stack", run: storeExists },
  },
];
