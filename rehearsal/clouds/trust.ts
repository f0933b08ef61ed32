/** The certificate authorities that Go's programs trust: those of the machine, and of each cluster. */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Access, Clusters } from "../contract";

/** Where Go looks first on Debian (go.dev/src/crypto/x509/root_linux.go). */
const MACHINE = "/etc/ssl/certs/ca-certificates.crt";

export class Trust implements Clusters {
  constructor(
    readonly file: string,
    private readonly clusters: Clusters,
    known: readonly Access[],
  ) {
    const machine = existsSync(MACHINE) ? readFileSync(MACHINE, "utf8") : "";
    writeFileSync(file, [machine, ...known.map(({ authority }) => authority)].join("\n"));
  }

  async created(id: string): Promise<Access> {
    const access = await this.clusters.created(id);
    appendFileSync(this.file, `\n${access.authority}`);
    return access;
  }

  deleted(id: string): Promise<void> {
    return this.clusters.deleted(id);
  }
}
