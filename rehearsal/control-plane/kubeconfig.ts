import type { Access } from "../contract";

/** What `kubectl` and other clients read, with one cluster, user and context. */
export const kubeconfigOf = ({ server, authority, token }: Access): string =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "rehearsal",
    contexts: [{ name: "rehearsal", context: { cluster: "rehearsal", user: "rehearsal" } }],
    clusters: [
      {
        name: "rehearsal",
        cluster: {
          server,
          "certificate-authority-data": Buffer.from(authority).toString("base64"),
        },
      },
    ],
    users: [{ name: "rehearsal", user: { token } }],
  });
