import * as random from "@pulumi/random";
import type * as pulumi from "@pulumi/pulumi";

/**
 * A password of letters and digits only, which need no escaping in any engine, URL or configuration
 * file. `rotation` is any text: changing it generates a new password.
 */
export function storePassword(
  name: string,
  rotation: string,
  options: pulumi.CustomResourceOptions,
): random.RandomPassword {
  return new random.RandomPassword(
    name,
    {
      length: 64,
      special: false,
      minLower: 1,
      minUpper: 1,
      minNumeric: 1,
      keepers: { rotation },
    },
    options,
  );
}
