/** What extends the API server: webhooks, other servers, and CustomResourceDefinitions. */
import type { Value } from "../../../values";
import * as form from "./forms";
import {
  between,
  exactlyOne,
  fields,
  isSet,
  needs,
  needsSome,
  notEmpty,
  oneOf,
  text,
  unique,
} from "./kit";
import type { Rule, Rules } from "./kit";

const url = text((address) => {
  const parsed = URL.canParse(address) ? new URL(address) : undefined;
  if (parsed?.protocol !== "https:") return false;
  return [parsed.search, parsed.hash, parsed.username].every((part) => part === "");
}, "it must be an https address without user, query or fragment");

const webhook: readonly Rule[] = [
  needs("sideEffects"),
  needsSome("admissionReviewVersions"),
  notEmpty("failurePolicy", "matchPolicy", "reinvocationPolicy"),
  fields({
    name: text(
      (name) => form.isSubdomain(name) && name.split(".").length > 2,
      "it must be a domain name of at least three parts",
    ),
    sideEffects: oneOf("None", "NoneOnDryRun"),
    timeoutSeconds: between(1, 30),
    "admissionReviewVersions[]": form.dns1035,
    "matchConditions[].name": form.labelKey,
  }),
  unique("admissionReviewVersions", []),
  unique("matchConditions", ["name"]),
];

const operations: Rule = (value, faults) => {
  for (const key of ["operations", "apiGroups", "apiVersions", "resources"]) {
    const it = value.get(key);
    if (it.isMissing || it.isEmptyList)
      faults.add("field-required", it, "a rule needs at least one");
    for (const one of key === "apiGroups" ? [] : it.list()) {
      if (one.string === "") faults.add("value-allowed", one, "it must not be empty");
    }
  }
};

/** An API of another server is named after its version and group. */
const apiService: Rule = (value, faults) => {
  const spec = value.get("spec");
  const [version, group] = [spec.get("version"), spec.get("group")];
  named(value, [version, group], faults);
  for (const it of [version, group]) {
    if (spec.isMap && !isSet(it)) faults.add("field-required", it, "it is required");
  }
  const insecure = spec.get("insecureSkipTLSVerify");
  if (insecure.boolean === true && spec.get("service").isMissing) {
    faults.rule(insecure, "without a service there is no server to trust: remove it");
  }
};

/** The object's name is these two, with a dot. */
function named(value: Value, parts: readonly Value[], faults: Parameters<Rule>[1]): void {
  const name = value.get("metadata", "name");
  const texts = parts.map(({ string }) => string);
  if (name.string === undefined || texts.includes(undefined)) return;
  const expected = texts.join(".");
  if (name.string !== expected) faults.rule(name, `it must be ${JSON.stringify(expected)}`);
}

const PROTECTED = /(^|\.)(k8s\.io|kubernetes\.io)$/;

const definition: Rule = (value, faults) => {
  const spec = value.get("spec");
  const group = spec.get("group");
  named(value, [spec.get("names", "plural"), group], faults);
  const approved = value.get("metadata", "annotations", "api-approved.kubernetes.io");
  if (PROTECTED.test(group.string ?? "") && !isSet(approved)) {
    faults.add(
      "field-required",
      approved,
      "a group of the Kubernetes project needs it, with the address of its review",
    );
  } else if (
    PROTECTED.test(group.string ?? "") &&
    !/^(https?:|unapproved)/.test(approved.string ?? "http:")
  ) {
    faults.add(
      "value-allowed",
      approved,
      "it must be the address of the review, or begin with unapproved",
    );
  }
  versions(spec.get("versions"), faults);
};

/** Exactly one is what etcd holds. */
function versions(list: Value, faults: Parameters<Rule>[1]): void {
  const stored = list.list().map((version) => version.get("storage"));
  if (list.isUnknown || stored.some(({ isUnknown }) => isUnknown)) return;
  const count = stored.filter(({ boolean }) => boolean === true).length;
  if (count !== 1 && list.isKnown) {
    faults.rule(list, `exactly one version must have storage: true, and ${String(count)} have`);
  }
}

/** Objects of other versions are converted by a webhook, or not at all. */
const conversion: Rule = (value, faults) => {
  const [strategy, settings] = [value.get("strategy"), value.get("webhook")];
  if (strategy.string === "Webhook" && settings.isMissing) {
    faults.add("field-required", settings, "the strategy Webhook needs it");
  } else if (strategy.string === "Webhook" && settings.get("clientConfig").isMissing) {
    faults.add("field-required", settings.get("clientConfig"), "it is required");
  } else if (strategy.string === "None" && settings.isKnown) {
    faults.rule(settings, "only the strategy Webhook has it: remove it");
  }
};

const deprecated: Rule = (value, faults) => {
  const [warning, isOld] = [value.get("deprecationWarning"), value.get("deprecated")];
  if (warning.isKnown && !isOld.isUnknown && isOld.boolean !== true) {
    faults.rule(warning, "it needs deprecated: true");
  }
};

const version: Rule = (value, faults) => {
  const schema = value.get("schema", "openAPIV3Schema");
  if (schema.isMissing) {
    faults.add("field-required", schema, "it is required: each version has its schema");
  } else if (schema.isMap && schema.get("type").isMissing) {
    faults.add("field-required", schema.get("type"), 'it is required: the root is an "object"');
  }
};

const kind = text(
  (name) => name.length <= 63 && /^[A-Za-z]([-A-Za-z0-9]*[A-Za-z0-9])?$/.test(name),
  "it must have at most 63 letters, digits and hyphens, a letter first",
);

const printerColumns = {
  type: oneOf("boolean", "date", "integer", "number", "string"),
  jsonPath: text((path) => path.startsWith("."), "it must be a JSON path that begins with a dot"),
};

export const EXTENSIONS: Rules = {
  "admissionregistration.v1.ValidatingWebhook": webhook,
  "admissionregistration.v1.MutatingWebhook": webhook,
  "admissionregistration.v1.ValidatingWebhookConfiguration": [unique("webhooks", ["name"])],
  "admissionregistration.v1.MutatingWebhookConfiguration": [unique("webhooks", ["name"])],
  "admissionregistration.v1.RuleWithOperations": [operations, notEmpty("scope")],
  "admissionregistration.v1.WebhookClientConfig": [
    exactlyOne("address", ["url", "service"]),
    fields({ url }),
  ],
  "admissionregistration.v1.ServiceReference": [
    fields({ port: form.port, path: form.absolutePath }),
  ],
  "apiregistration.v1.APIService": [needs("spec"), apiService],
  "apiregistration.v1.APIServiceSpec": [
    fields({
      group: form.subdomain,
      version: form.dns1035,
      groupPriorityMinimum: between(1, 20_000),
      versionPriority: between(1, 1000),
    }),
  ],
  "apiregistration.v1.ServiceReference": [needs("namespace", "name")],
  "apiextensions.v1.CustomResourceDefinition": [definition],
  "apiextensions.v1.CustomResourceDefinitionSpec": [
    fields({ group: form.subdomain, scope: oneOf("Cluster", "Namespaced") }),
    unique("versions", ["name"]),
  ],
  "apiextensions.v1.CustomResourceDefinitionNames": [
    fields({
      kind,
      listKind: kind,
      plural: form.dns1035,
      singular: form.dns1035,
      "categories[]": form.dns1035,
      "shortNames[]": form.dns1035,
    }),
  ],
  "apiextensions.v1.CustomResourceDefinitionVersion": [
    fields({ name: form.dns1035 }),
    version,
    deprecated,
    notEmpty("deprecationWarning"),
  ],
  "apiextensions.v1.CustomResourceConversion": [
    fields({ strategy: oneOf("None", "Webhook") }),
    conversion,
  ],
  "apiextensions.v1.WebhookConversion": [
    needsSome("conversionReviewVersions"),
    fields({ "conversionReviewVersions[]": form.dns1035 }),
    unique("conversionReviewVersions", []),
  ],
  "apiextensions.v1.WebhookClientConfig": [
    exactlyOne("address", ["url", "service"]),
    fields({ url }),
  ],
  "apiextensions.v1.CustomResourceColumnDefinition": [fields(printerColumns)],
};
