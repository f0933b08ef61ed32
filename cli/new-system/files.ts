/** The files of a new system. Pure. */
import { DATA_SERVICES, definition, type Answers } from "./answers";

/** Path in the project → text. */
export type Files = ReadonlyMap<string, string>;

/** `first-shop` → `firstShopSystem`: never a TypeScript keyword. */
const identifier = (name: string): string =>
  `${name.replace(/-+(.)/g, (_, letter: string) => letter.toUpperCase())}System`;

export const systemPath = (name: string): string => `systems/${name}.ts`;
export const stackNames = (name: string): readonly string[] => [`${name}-prod`, `${name}-staging`];
export const stackPath = (stack: string): string => `Pulumi.${stack}.yaml`;

/** The new files. */
export const newFiles = (answers: Answers): Files =>
  new Map([
    [systemPath(answers.name), systemFile(answers)],
    ...(["prod", "staging"] as const).map(
      (environment) =>
        [stackPath(`${answers.name}-${environment}`), stackFile(answers, environment)] as const,
    ),
  ]);

/** `systems/index.ts` with the system added; undefined if its format is unexpected. */
export function registered(index: string, name: string): string | undefined {
  const own = identifier(name);
  const imports = [...index.matchAll(/^import .* from "\.\/.*";\n/gm)];
  const last = imports.at(-1);
  const end = index.indexOf("\n} satisfies ");
  if (last === undefined || end < 0 || new RegExp(`\\b${own}\\b`).test(index)) return undefined;
  const afterImports = last.index + last[0].length;
  return [
    index.slice(0, afterImports),
    `import { ${own} } from "./${name}";\n`,
    index.slice(afterImports, end),
    `\n  ${/^[a-z]+$/.test(name) ? name : JSON.stringify(name)}: ${own},`,
    index.slice(end),
  ].join("");
}

function systemFile(answers: Answers): string {
  const { name, title, cloud, services, ...data } = definition(answers);
  return `/** ${title}. Attributes that are left out have the defaults documented in systems/define.ts. */
import { defineSystem } from "./define";

export const ${identifier(name)} = defineSystem({
  name: ${JSON.stringify(name)},
  title: ${JSON.stringify(title)},
  cloud: ${JSON.stringify(cloud)},
  services: [
${services.map((service) => `    { name: ${JSON.stringify(service.name)}, port: ${service.port} },\n`).join("")}  ],
${DATA_SERVICES.flatMap((kind) => {
  const runs = data[kind];
  return runs === undefined ? [] : [`  ${kind}: ${JSON.stringify(runs)},\n`];
}).join("")}});
`;
}

type EnvironmentName = "prod" | "staging";

function stackFile(answers: Answers, environment: EnvironmentName): string {
  const { name, cloud, services, domain } = answers;
  const host = environment === "prod" ? domain : `staging.${domain}`;
  return [
    "config:",
    `  runstack:system: ${JSON.stringify(name)}`,
    `  runstack:environment: ${environment}`,
    `  runstack:cloud: ${cloud}`,
    `  runstack:domain: ${host}`,
    "  # The zone that holds the domain's records.",
    `  runstack:dnsZone: ${domain}`,
    `  runstack:email: platform@${domain}`,
    `  runstack:runbookUrl: https://runbooks.${domain}`,
    ...placeOf(answers, environment),
    ...dataOf(answers),
    "  runstack:images:",
    ...services.map(
      (service) => `    ${service.name}: registry.example.com/${name}/${service.name}:1.0.0`,
    ),
    "",
  ].join("\n");
}

/** Settings that only the owner of the account or cluster knows: examples to replace. */
function placeOf(answers: Answers, environment: EnvironmentName): readonly string[] {
  switch (answers.cloud) {
    case "digitalocean":
      return ["  runstack:region: nyc3"];
    case "aws":
      return [
        "  runstack:region: us-east-1",
        "  # Must include the principal that runs Pulumi.",
        "  runstack:administrators:",
        "    - arn:aws:iam::123456789012:role/platform-admin",
        "  # The address that Pulumi runs from. Without one, it would have to run inside a network that does not exist yet.",
        "  runstack:controlPlaneAccess:",
        "    - 1.2.3.4/32",
      ];
    case "gcp":
      return ["  runstack:region: us-central1", "  runstack:project: my-project-1"];
    case "existing":
      return [
        "  runstack:dns: manual",
        "  # Any name for the cluster's location.",
        "  runstack:region: here",
        "  # The cluster's context in the kubeconfig, its StorageClass, and its ranges.",
        "  runstack:kubeContext: my-cluster",
        "  runstack:storageClass: standard",
        "  runstack:network:",
        "    pods: 10.244.0.0/16",
        "    services: 10.96.0.0/16",
        ...(answers.postgres === "none"
          ? []
          : [
              "  # The S3 service that stores the backups.",
              "  runstack:backupEndpoint: s3.example.com",
              "  runstack:backupRegion: elsewhere",
              `  runstack:backupBucket: ${answers.name}-${environment}-backups`,
            ]),
      ];
  }
}

const dataOf = ({ cloud, kafka }: Answers): readonly string[] => [
  ...(cloud === "digitalocean" && kafka === "managed"
    ? [
        "  # A version that DigitalOcean offers: doctl databases options versions --engine kafka",
        '  runstack:kafkaVersion: "4.0"',
      ]
    : []),
  ...(kafka === "external" ? ["  runstack:kafkaBrokers:", "    - kafka.example.com:9096"] : []),
];
