import * as random from "@pulumi/random";
import type * as pulumi from "@pulumi/pulumi";

/**
 * A password of letters and digits alone, which every engine, URL and configuration file takes as
 * it is. `rotation` is any text: another one makes another password.
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
