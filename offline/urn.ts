/** URNs as the engine builds and parses them (pulumi/pulumi, `sdk/go/common/resource/urn`). */

const PREFIX = "urn:pulumi:";
const STACK_TYPE = "pulumi:pulumi:Stack";
const PROVIDER_TYPE = "pulumi:providers:";

export interface Deployment {
  readonly stack: string;
  readonly project: string;
}

/** Types of the parents joined by `$`, then the resource's own. Part of its identity. */
export function qualifiedType(urn: string): string {
  return urn.split("::")[2] ?? "";
}

export function typeOf(urn: string): string {
  return qualifiedType(urn).split("$").at(-1) ?? "";
}

/** A name may itself contain `::`. */
export function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

function isUrn(text: string): boolean {
  return text.startsWith(PREFIX) && text.split("::").length >= 4;
}

/** The stack's own type is not part of its children's qualified types. */
export function createUrn(of: Deployment, parent: string, type: string, name: string): string {
  const parentType = parent === "" ? "" : qualifiedType(parent);
  const full = parentType === "" || parentType === STACK_TYPE ? type : `${parentType}$${type}`;
  return `${PREFIX}${of.stack}::${of.project}::${full}::${name}`;
}

export function isProviderType(type: string): boolean {
  return type.startsWith(PROVIDER_TYPE);
}

/**
 * The package of a resource type: `digitalocean` of `digitalocean:index/vpc:Vpc`, and of a provider's type
 * too.
 */
export function packageOf(type: string): string {
  return isProviderType(type) ? type.slice(PROVIDER_TYPE.length) : (type.split(":")[0] ?? "");
}

export const providerType = (pkg: string): string => PROVIDER_TYPE + pkg;

/** A provider reference is its URN and its id, joined by `::`. */
export function parseReference(reference: string): { readonly urn: string; readonly id: string } {
  const at = reference.lastIndexOf("::");
  const urn = reference.slice(0, Math.max(at, 0));
  if (!isUrn(urn) || !isProviderType(typeOf(urn))) {
    throw new Error(
      `could not parse provider reference: '${reference}' is not <provider urn>::<id>`,
    );
  }
  return { urn, id: reference.slice(at + 2) };
}
