import type * as pulumi from "@pulumi/pulumi";

/** Who signed the certificate of a data service, as its clients' pods can read it. */
export type Authority =
  /** An authority that operating systems trust. */
  | { readonly kind: "public" }
  /** PEM in a ConfigMap of the clients' namespace. */
  | {
      readonly kind: "configMap";
      readonly name: string;
      readonly key: string;
      readonly pem: pulumi.Output<string>;
    }
  /** PEM in a Secret of the clients' namespace, which something in the cluster writes. */
  | { readonly kind: "secret"; readonly name: string; readonly key: string };
