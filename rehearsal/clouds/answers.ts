/** What the clouds answer when they are asked, without a resource. */
import type { Invokes } from "../../offline/host";

/** Data sources, which a first `up` asks once what they depend on exists. */
export const ANSWERS: Invokes = {
  "digitalocean:index/getDatabaseCa:getDatabaseCa": () => ({ certificate: "CERTIFICATE" }),
  "digitalocean:index/getKubernetesVersions:getKubernetesVersions": () => ({
    latestVersion: "1.35.7-do.2",
    validVersions: ["1.35.7-do.2"],
  }),
};
