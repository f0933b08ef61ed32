import { ComponentError } from "../kit/component";

/** The SecretStore's name in the application's namespace. */
export const STORE_NAME = "cloud-secrets";

/** Refuses a name that the manager would, or one that was given before. Pure but for `taken`. */
export function checkRemote(
  component: string,
  remote: string,
  { pattern, allowed }: { readonly pattern: RegExp; readonly allowed: string },
  taken: Set<string>,
): void {
  if (!pattern.test(remote)) {
    throw new ComponentError(
      component,
      "remote",
      `"${remote}"`,
      allowed,
      "Correct the secret's `remote` in the system.",
    );
  }
  if (taken.has(remote)) {
    throw new ComponentError(
      component,
      "remote",
      `"${remote}" twice`,
      "different for each key of a secret",
      "Give one of them a `remote` of its own in the system.",
    );
  }
  taken.add(remote);
}

/** The engine goes on when the operator has read the manager with the store's identity. */
export const WAIT_UNTIL_READY = { "pulumi.com/waitFor": "condition=Ready" } as const;
