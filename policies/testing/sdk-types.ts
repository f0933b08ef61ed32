/**
 * For tests: whether a property exists, according to the provider SDK's declarations.
 *
 * The declarations are parsed, not type-checked: that takes a second per provider instead of a
 * minute, and they write a property's type as `pulumi.Input<pulumi.Input<inputs.module.Name>[] |
 * undefined>`.
 */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import ts from "typescript";

const load = createRequire(__filename);
const TOKEN = /^(aws|digitalocean|gcp|kubernetes|random):([\w./]+):(\w+)$/;

/** By `module.Name`: the properties of each interface, and the target of each alias. */
type Declared = ReadonlyMap<string, ts.InterfaceDeclaration | ts.TypeAliasDeclaration>;

/** Anything that the declarations do not describe further: `any`, a scalar, a type of another package. */
type Node = ts.TypeNode | ts.InterfaceDeclaration;

/**
 * Whether the resource's arguments have the path; undefined if the SDK has no such resource. A list
 * counts as its elements: a path has no indexes.
 */
export function hasPath(type: string, keys: readonly string[]): boolean | undefined {
  const start = argumentsOf(type);
  if (start === undefined) return undefined;
  const [, cloud = ""] = TOKEN.exec(type) ?? [];
  let nodes: readonly Node[] = [start];
  for (const key of keys) {
    if (nodes.some(isOpen)) return true;
    nodes = nodes.flatMap((node) => expanded(cloud, child(node, key)));
    if (nodes.length === 0) return false;
  }
  return true;
}

const found = new Map<string, ts.InterfaceDeclaration | undefined>();

function argumentsOf(type: string): ts.InterfaceDeclaration | undefined {
  if (!found.has(type)) found.set(type, findArguments(type));
  return found.get(type);
}

function findArguments(type: string): ts.InterfaceDeclaration | undefined {
  const [, cloud = "", path = "", name = ""] = TOKEN.exec(type) ?? [];
  // `rds/instance`, `index/vpc`: the module and the file; of Kubernetes, `rbac.authorization.k8s.io/v1`
  // is the module `rbac/v1`.
  const module =
    cloud === "kubernetes"
      ? path.replace(/^(\w+)[^/]*\.(k8s\.io|sh)(?=\/|$)/, "$1")
      : path.replace(/\/[^/]+$/, "");
  const sdk = dirname(load.resolve(`@pulumi/${cloud === "" ? "pulumi" : cloud}/package.json`));
  const folder = module === "index" ? sdk : newest(join(sdk, module));
  if (!existsSync(folder)) return undefined;
  // `sSLPolicy` is in `sslpolicy.d.ts`.
  const file = readdirSync(folder).find(
    (one) => one.toLowerCase() === `${name.toLowerCase()}.d.ts`,
  );
  if (file === undefined) return undefined;
  const declaration = declaredIn(join(folder, file)).get(`${name}Args`);
  return declaration !== undefined && ts.isInterfaceDeclaration(declaration)
    ? declaration
    : undefined;
}

/** A type key has no Kubernetes API version: the stable one is used. */
function newest(folder: string): string {
  if (/\/v\d\w*$/.test(folder) || !existsSync(folder)) return folder;
  const versions = readdirSync(folder)
    .filter((one) => /^v\d+$/.test(one))
    .sort();
  const last = versions.at(-1);
  return last === undefined ? folder : join(folder, last);
}

const inputs = new Map<string, Declared>();

function inputsOf(cloud: string): Declared {
  const known = inputs.get(cloud);
  if (known !== undefined) return known;
  const declared = declaredIn(
    join(dirname(load.resolve(`@pulumi/${cloud}/package.json`)), "types", "input.d.ts"),
  );
  inputs.set(cloud, declared);
  return declared;
}

function declaredIn(file: string): Declared {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest);
  const result = new Map<string, ts.InterfaceDeclaration | ts.TypeAliasDeclaration>();
  const visit = (statements: readonly ts.Statement[], module: string): void => {
    for (const statement of statements) {
      if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) {
        result.set(`${module}${statement.name.text}`, statement);
      } else if (ts.isModuleDeclaration(statement) && statement.body !== undefined) {
        const { body } = statement;
        if (ts.isModuleBlock(body)) visit(body.statements, `${module}${statement.name.text}.`);
      }
    }
  };
  visit(source.statements, "");
  return result;
}

/** Resolves a type: without `Input`, with unions split and names looked up. */
function expanded(cloud: string, type: ts.TypeNode | undefined): readonly Node[] {
  if (type === undefined || type.kind === ts.SyntaxKind.UndefinedKeyword) return [];
  if (ts.isUnionTypeNode(type)) return type.types.flatMap((one) => expanded(cloud, one));
  if (ts.isParenthesizedTypeNode(type)) return expanded(cloud, type.type);
  if (ts.isArrayTypeNode(type)) return expanded(cloud, type.elementType);
  if (!ts.isTypeReferenceNode(type)) return [type];
  const name = nameOf(type.typeName);
  if (name.endsWith("Input")) return expanded(cloud, type.typeArguments?.[0]);
  const declaration = inputsOf(cloud).get(name.replace(/^(inputs|outputs)\./, ""));
  if (declaration === undefined) return [type];
  return ts.isInterfaceDeclaration(declaration) ? [declaration] : expanded(cloud, declaration.type);
}

function nameOf(name: ts.EntityName): string {
  return ts.isIdentifier(name) ? name.text : `${nameOf(name.left)}.${name.right.text}`;
}

function child(node: Node, key: string): ts.TypeNode | undefined {
  if (!ts.isInterfaceDeclaration(node) && !ts.isTypeLiteralNode(node)) return undefined;
  for (const member of node.members) {
    if (ts.isIndexSignatureDeclaration(member)) return member.type;
    if (!ts.isPropertySignature(member)) continue;
    const { name, type } = member;
    if ((ts.isIdentifier(name) || ts.isStringLiteral(name)) && name.text === key) return type;
  }
  return undefined;
}

/** A type that the declarations do not describe further, and that may contain anything. */
function isOpen(node: Node): boolean {
  return node.kind === ts.SyntaxKind.AnyKeyword || ts.isTypeReferenceNode(node);
}
