/**
 * Stands in for `aws`, `doctl` and `gke-gcloud-auth-plugin` where a kubeconfig asks them for a credential: prints an
 * ExecCredential for the cluster that its arguments, or the client, name.
 */
import { ask } from "./door";

const API = "client.authentication.k8s.io/v1beta1";

/** The name of an EKS cluster, the id of one at DigitalOcean, the address of one at Google. */
function clusterOf(args: readonly string[]): string {
  const name = args[args.indexOf("--cluster-name") + 1];
  if (args.includes("--cluster-name") && name !== undefined) return name;
  const id = args.at(-1);
  if (args.includes("exec-credential") && id !== undefined) return id;
  const info = JSON.parse(process.env["KUBERNETES_EXEC_INFO"] ?? "{}") as {
    readonly spec?: { readonly cluster?: { readonly server?: string } };
  };
  return info.spec?.cluster?.server ?? "";
}

async function main(): Promise<void> {
  const token = await ask<string>("token", clusterOf(process.argv.slice(2)));
  const credential = { apiVersion: API, kind: "ExecCredential", status: { token } };
  console.log(JSON.stringify(credential));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
