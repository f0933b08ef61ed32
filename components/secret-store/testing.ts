/** For tests: responses of clouds and cluster for secret stores. */
import type { OperatorArguments } from "../platform/operators";

export const CLOUD = {
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": {},
  "aws:iam/role:Role": { arn: "arn:aws:iam::1:role/r" },
  "aws:iam/rolePolicy:RolePolicy": {},
  "aws:secretsmanager/secret:Secret": {},
  "aws:secretsmanager/secretVersion:SecretVersion": { versionId: "1b2c" },
  "gcp:secretmanager/secret:Secret": {},
  "gcp:secretmanager/secretIamMember:SecretIamMember": {},
  "gcp:secretmanager/secretVersion:SecretVersion": { version: "17" },
  "gcp:serviceaccount/account:Account": { email: "reader@p.example.com", name: "the-account" },
  "gcp:serviceaccount/iAMMember:IAMMember": {},
  "kubernetes:external-secrets.io/v1:SecretStore": {},
  "kubernetes:rbac.authorization.k8s.io/v1:Role": {},
  "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding": {},
};

export const operator: OperatorArguments = {
  system: "shop",
  production: true,
  monitoringNamespace: "watch",
  zones: ["z-1", "z-2"],
  chartMirror: undefined,
};
