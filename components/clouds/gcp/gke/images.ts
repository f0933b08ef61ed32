import * as artifactregistry from "@pulumi/gcp/artifactregistry";
import type * as pulumi from "@pulumi/pulumi";
import { kept, type GkeArguments, type ImageRepository } from "./arguments";

/** Repositories that serve Container Registry's host names; the old service ended in 2025. */
const isFormerRegistry = (name: string): boolean => /^(([a-z]+)\.)?gcr\.io$/.test(name);

/** Thirty days. */
const UNTAGGED_FOR = "2592000s";

/** The repositories, and permission for the nodes to pull from each of them and no other. */
export function createImages(
  name: string,
  args: Pick<GkeArguments, "project" | "imageRepositories" | "protect" | "labels"> & {
    readonly reader: pulumi.Input<string>;
  },
  options: pulumi.CustomResourceOptions,
): readonly artifactregistry.RepositoryIamMember[] {
  return args.imageRepositories.map((wanted) => {
    const suffix = `images-${wanted.location}-${wanted.name.replaceAll(".", "-")}`;
    const repository =
      wanted.exists === true
        ? wanted.name
        : createRepository(`${name}-${suffix}`, args, wanted, options).name;
    return new artifactregistry.RepositoryIamMember(
      `${name}-${suffix}-reader`,
      {
        project: args.project,
        location: wanted.location,
        repository,
        role: "roles/artifactregistry.reader",
        member: args.reader,
      },
      options,
    );
  });
}

function createRepository(
  name: string,
  { project, protect, labels }: Pick<GkeArguments, "project" | "protect" | "labels">,
  wanted: ImageRepository,
  options: pulumi.CustomResourceOptions,
): artifactregistry.Repository {
  return new artifactregistry.Repository(
    name,
    {
      project,
      location: wanted.location,
      repositoryId: wanted.name,
      format: "DOCKER",
      mode: "STANDARD_REPOSITORY",
      description: isFormerRegistry(wanted.name)
        ? `Images named ${wanted.name}/${project}/…`
        : "Images of the system",
      // Clients of the former registry may rely on moving tags.
      dockerConfig: { immutableTags: !isFormerRegistry(wanted.name) },
      vulnerabilityScanningConfig: { enablementConfig: "INHERITED" },
      // Running images are pinned by tag, so a tagged image is never deleted.
      cleanupPolicies: [
        {
          id: "delete-untagged",
          action: "DELETE",
          condition: { tagState: "UNTAGGED", olderThan: UNTAGGED_FOR },
        },
        { id: "keep-recent", action: "KEEP", mostRecentVersions: { keepCount: 20 } },
      ],
      cleanupPolicyDryRun: false,
      labels: { ...labels },
      ...kept(protect),
    },
    { ...options, protect },
  );
}
