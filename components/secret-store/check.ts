import { enforce, quoted } from "../kit/validation";

/** The SecretStore's name in the application's namespace. */
export const STORE_NAME = "cloud-secrets";

/**
 * Refuses a name that is used already or that the manager would reject. Pure except for `taken`.
 */
export function checkRemote(
  component: string,
  remote: string,
  { pattern, allowed }: { readonly pattern: RegExp; readonly allowed: string },
  taken: Set<string>,
): void {
  enforce(component, [
    {
      holds: pattern.test(remote),
      key: "remote",
      value: quoted(remote),
      allowed,
      next: "Correct the secret's `remote` in the system.",
    },
    {
      holds: !taken.has(remote),
      key: "remote",
      value: `"${remote}" twice`,
      allowed: "different for each key of a secret",
      next: "Give one of them a `remote` of its own in the system.",
    },
  ]);
  taken.add(remote);
}

/** Pulumi waits until the operator has connected to the manager with the store's identity. */
export const WAIT_UNTIL_READY = { "pulumi.com/waitFor": "condition=Ready" } as const;
