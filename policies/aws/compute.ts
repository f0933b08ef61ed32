/** EC2 instances and launch templates. */
import { isThat, rules } from "../rules";
import { each, elements, expectThat, knows, type Check } from "../expect";
import type { CheckContext, Policy, Stack, StackResource } from "../policy";
import { STRICT_IN_PRODUCTION, finding, nameOf } from "../policy";
import { shapeOf, suspicion } from "../kubernetes/credentials";
import type { Value } from "../values";
import { aws } from "../tokens";

const INSTANCE = aws("ec2", "Instance");
const TEMPLATE = aws("ec2", "LaunchTemplate");
const MACHINES = [INSTANCE, TEMPLATE] as const;
const VOLUME = aws("ebs", "Volume");
const SNAPSHOT_COPY = aws("ebs", "SnapshotCopy");
const DEFAULT_ENCRYPTION = aws("ebs", "EncryptionByDefault");

const CONTROLS = "https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html";
const strict = { enforcement: STRICT_IN_PRODUCTION, themes: ["clusters", "aws"] } as const;

/** The provider writes flags of launch templates as strings. */
const isTrue = (value: Value): boolean => value.boolean === true || value.string === "true";
const NOT_TRUE = isThat((it) => !isTrue(it), "it must not be true");

function tokensRequired(check: Check): void {
  const options = check.resource.props.get("metadataOptions");
  const endpoint = options.get("httpEndpoint");
  if (!knows(check, endpoint) || endpoint.string === "disabled") return;
  expectThat(
    check,
    options.get("httpTokens"),
    ({ string }) => string === "required",
    'it must be "required"',
  );
}

/** EC2's default is 1. */
function hopsLimited(check: Check): void {
  const most = check.context.setting("hops", 1);
  const limit = check.resource.props.get("metadataOptions", "httpPutResponseHopLimit");
  const isRight = (it: Value): boolean =>
    it.isMissing || (it.number !== undefined && it.number <= most);
  expectThat(
    check,
    limit,
    isRight,
    `it must be ${String(most)} or less: pods are one hop further away than their node`,
  );
}

/** Where an instance sets volume encryption; an instance always has a root volume. */
function encryptions(check: Check): readonly Value[] {
  const { props, type } = check.resource;
  if (type === TEMPLATE) {
    return elements(check, props.get("blockDeviceMappings"))
      .map((mapping) => mapping.get("ebs"))
      .filter((ebs) => !ebs.isMissing)
      .map(encryptedOf);
  }
  const others = elements(check, props.get("ebsBlockDevices")).map(encryptedOf);
  return [encryptedOf(props.get("rootBlockDevice")), ...others];
}

const encryptedOf = (device: Value): Value => device.get("encrypted");

function volumesEncrypted(stack: Stack, context: CheckContext): void {
  const defaults = stack.of(DEFAULT_ENCRYPTION);
  for (const it of defaults) {
    const enabled = it.props.get("enabled");
    if (!context.noteUnknown(enabled, it.urn) && enabled.boolean === false) {
      context.report(finding(it, enabled, "it must be true"), it.urn);
    }
  }
  // The account's default applies to volumes without a setting.
  const isDefault = defaults.some(({ props }) => props.get("enabled").boolean !== false);
  const evaluate = (resource: StackResource, value: Value): void => {
    if (context.noteUnknown(value, resource.urn) || isTrue(value)) return;
    if (isDefault && value.isMissing) return;
    context.report(finding(resource, value, "it must be true"), resource.urn);
  };
  for (const volume of stack.of(VOLUME, SNAPSHOT_COPY)) evaluate(volume, encryptedOf(volume.props));
  for (const machine of stack.of(...MACHINES)) {
    for (const value of encryptions({ resource: machine, context })) evaluate(machine, value);
  }
}

const ASSIGNMENT = /\b([A-Za-z_]\w*)\s*[=:]\s*["']?([^\s"';&|]+)/g;

/** The decoded script: launch templates accept Base64 only. */
function decoded(text: string): string {
  const isBase64 = text.length % 4 === 0 && /^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(text);
  return isBase64 ? Buffer.from(text, "base64").toString("utf8") : text;
}

function secretIn(script: string): string | undefined {
  const pairs = [...script.matchAll(ASSIGNMENT)];
  const named = pairs.map(([, name = "", text = ""]) => suspicion(name, text));
  return shapeOf(script) ?? named.find((what) => what !== undefined);
}

function scriptClean({ resource, context }: Check): void {
  for (const key of ["userData", "userDataBase64"]) {
    const value = resource.props.get(key);
    if (context.noteUnknown(value)) continue;
    const what = secretIn(decoded(value.string ?? ""));
    if (what === undefined) continue;
    // The script itself must not be shown.
    context.report(
      `${nameOf(resource)}: ${key} holds ${what}, which every process on the instance can read; fetch it from Secrets Manager with the instance's role.`,
    );
  }
}

const metadata: readonly Policy[] = [
  {
    ...strict,
    name: "aws-ec2-metadata-v2",
    title: "The instance metadata service requires a token",
    clause: { reference: "PO-03; CKV_AWS_79; EC2.8", url: CONTROLS },
    severity: "high",
    prevents: "One forged request through a web application reads the credentials of the instance.",
    description: "Instances and launch templates allow IMDSv2 only.",
    remediation: 'Set metadataOptions.httpTokens to "required".',
    check: each(MACHINES, tokensRequired),
  },
  {
    ...strict,
    name: "aws-ec2-metadata-hop-limit",
    title: "Pods cannot reach the credentials of their node",
    clause: {
      reference: "PO-03; CKV_AWS_341",
      url: "https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html",
    },
    severity: "high",
    prevents:
      "Any pod can use the role of its node, which may pull every image and change the network.",
    description: "Responses of the metadata service do not leave the instance.",
    remediation: "Set metadataOptions.httpPutResponseHopLimit to 1 and give pods their own roles.",
    configuration: {
      properties: {
        hops: {
          type: "integer",
          minimum: 1,
          default: 1,
          description: "Maximum number of network hops",
        },
      },
    },
    check: each(MACHINES, hopsLimited),
  },
];

const machines: readonly Policy[] = [
  {
    ...strict,
    name: "aws-ec2-no-public-address",
    title: "Instances have no public IP address",
    clause: { reference: "PO-03; CKV_AWS_88; EC2.9; EC2.25", url: CONTROLS },
    severity: "high",
    themes: ["network", "aws"],
    prevents: "An instance without a load balancer in front is exposed to the whole internet.",
    description: "Instances and launch templates do not request a public IP address.",
    remediation: "Set associatePublicIpAddress to false and use a load balancer or a NAT gateway.",
    check: rules(MACHINES, {
      associatePublicIpAddress: NOT_TRUE,
      "networkInterfaces[].associatePublicIpAddress": NOT_TRUE,
    }),
  },
  {
    ...strict,
    name: "aws-ebs-encrypted",
    title: "EBS volumes are encrypted",
    clause: { reference: "PO-02; CKV_AWS_3; CKV_AWS_8; CKV_AWS_106; EC2.3; EC2.7", url: CONTROLS },
    severity: "high",
    themes: ["storage", "aws"],
    prevents: "Anyone who obtains a volume or a snapshot can read its data.",
    description: "Every EBS volume is encrypted, by its own setting or by the account's default.",
    remediation: "Set encrypted to true, or add an EncryptionByDefault to the stack.",
    check: { kind: "stack", run: volumesEncrypted },
  },
  {
    ...strict,
    name: "aws-ec2-user-data-clean",
    title: "User data contains no secrets",
    clause: {
      reference: "PO-03; ALL-07; CKV_AWS_46",
      url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html",
    },
    severity: "critical",
    themes: ["secrets", "aws"],
    prevents: "Anyone who may describe instances, and every process on one, can read the password.",
    description: "The user data of instances and launch templates contains no secrets.",
    remediation:
      "Fetch the secret from Secrets Manager on the instance, using the instance's role.",
    check: each(MACHINES, scriptClean),
  },
];

export const compute: readonly Policy[] = [...metadata, ...machines];
