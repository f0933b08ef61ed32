/** The program: settings → system → environment. */
import * as pulumi from "@pulumi/pulumi";
import { Environment } from "./components/environment";
import { givenSecrets } from "./components/secrets";
import { readSettings } from "./settings";
import { requiredSecrets } from "./settings/secrets";
import { transforms } from "./transforms";

const config = new pulumi.Config();
const settings = readSettings(config);
const given = givenSecrets(config, requiredSecrets(settings), pulumi.runtime.isDryRun());

const environment = new Environment(
  settings.system.id,
  { settings, given },
  { transform: transforms(settings) },
);

export const url = environment.url;
export const cluster = environment.clusterName;
export const namespace = environment.namespace;
export const grafanaPassword = environment.grafanaPassword;
