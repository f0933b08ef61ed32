/** Type tokens of cloud resources, as the providers register them. */

function token(cloud: string, module: string, name: string): string {
  return `${cloud}:${module}/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;
}

/** `aws("rds", "ClusterInstance")` is `aws:rds/clusterInstance:ClusterInstance`. */
export const aws = (module: string, name: string): string => token("aws", module, name);

export const gcp = (module: string, name: string): string => token("gcp", module, name);

/** The provider has one module: `digitalocean("Vpc")` is `digitalocean:index/vpc:Vpc`. */
export const digitalocean = (name: string): string => token("digitalocean", "index", name);
