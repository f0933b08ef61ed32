/** Users of MSK: passwords in Secrets Manager, which the brokers read. */
import * as msk from "@pulumi/aws/msk";
import * as secretsmanager from "@pulumi/aws/secretsmanager";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random";
import { ADMINISTRATOR } from "../../../kafka/access-script";
import type { KafkaUser, KafkaUserName } from "../../../kafka/contract";

type MskUserName = KafkaUserName | typeof ADMINISTRATOR;

const USERS: readonly MskUserName[] = [ADMINISTRATOR, "application", "monitor"];

export interface MskUsersArguments {
  readonly clusterName: string;
  readonly clusterArn: pulumi.Output<string>;
  readonly encryptionKeyArn: pulumi.Output<string>;
  /** Required for sign-in: the brokers read it from there, wherever else the password is stored. */
  readonly protect: boolean;
  readonly rotation?: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface MskUsers {
  readonly users: Readonly<Record<MskUserName, KafkaUser>>;
  readonly association: msk.ScramSecretAssociation;
}

/**
 * One association for all users: it manages the whole list, and would remove users of another one.
 */
export function createMskUsers(
  child: (suffix: string) => string,
  args: MskUsersArguments,
  options: pulumi.CustomResourceOptions,
): MskUsers {
  const created = USERS.map((user) => createUser(user, child, args, options));
  const association = new msk.ScramSecretAssociation(
    child("users"),
    { clusterArn: args.clusterArn, secretArnLists: created.map(({ secret }) => secret.arn) },
    pulumi.mergeOptions(options, { dependsOn: created.flatMap(({ ready }) => ready) }),
  );
  const users = Object.fromEntries(
    created.map(({ user, password }) => [user, { name: pulumi.output(user), password }]),
  ) as Record<MskUserName, KafkaUser>;
  return { users, association };
}

function createUser(
  user: MskUserName,
  child: (suffix: string) => string,
  args: MskUsersArguments,
  options: pulumi.CustomResourceOptions,
) {
  const password = new RandomPassword(
    child(`password-${user}`),
    { length: 32, special: false, keepers: { rotation: args.rotation ?? "1" } },
    options,
  ).result;
  const secret = new secretsmanager.Secret(
    child(`secret-${user}`),
    {
      // MSK only accepts secrets with this prefix and a customer-managed key. With a name prefix, a
      // deleted secret that still reserves its name does not get in the way.
      namePrefix: `AmazonMSK_${args.clusterName}_${user}_`,
      description: `User ${user} of Kafka ${args.clusterName}`,
      kmsKeyId: args.encryptionKeyArn,
      tags: { ...args.tags },
    },
    pulumi.mergeOptions(options, { protect: args.protect }),
  );
  const version = new secretsmanager.SecretVersion(
    child(`secret-${user}-version`),
    {
      secretId: secret.id,
      secretString: pulumi.secret(pulumi.jsonStringify({ username: user, password })),
    },
    options,
  );
  const policy = new secretsmanager.SecretPolicy(
    child(`secret-${user}-policy`),
    { secretArn: secret.arn, policy: readableByMsk(secret.arn) },
    options,
  );
  return { user, password, secret, ready: [version, policy] };
}

/** MSK adds this by itself: with it here, the next plan shows no change. */
const readableByMsk = (arn: pulumi.Output<string>): pulumi.Output<string> =>
  pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AWSKafkaResourcePolicy",
        Effect: "Allow",
        Principal: { Service: "kafka.amazonaws.com" },
        Action: "secretsmanager:getSecretValue",
        Resource: arn,
      },
    ],
  });
