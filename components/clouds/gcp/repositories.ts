import type { Settings } from "../../../settings";
import type { ImageRepository } from "./gke/arguments";

/** The repositories of the stack's own project that its images come from. Pure. */
export function imageRepositories({
  images,
  project,
}: Pick<Settings, "images" | "project">): readonly ImageRepository[] {
  const found = Object.values(images).flatMap((image): ImageRepository[] => {
    const [host = "", owner, repository] = image.split("/");
    if (owner !== project) return [];
    // Repositories of these names in these locations serve the old registry's hosts.
    const old = { "gcr.io": "us", "us.gcr.io": "us", "eu.gcr.io": "europe", "asia.gcr.io": "asia" };
    if (host in old) return [{ name: host, location: old[host as keyof typeof old] }];
    const location = /^([a-z0-9-]+)-docker\.pkg\.dev$/.exec(host)?.[1];
    return location === undefined || repository === undefined
      ? []
      : [{ name: repository, location }];
  });
  return [...new Map(found.map((one) => [`${one.location}/${one.name}`, one])).values()];
}
