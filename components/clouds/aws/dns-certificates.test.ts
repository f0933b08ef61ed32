import { describe, expect, it } from "vitest";
import { challengeStatements } from "./dns-certificates";

const ANY = "arn:aws:route53:::hostedzone/*";
const ONE = "arn:aws:route53:::hostedzone/Z012";

describe("cert-manager's role", () => {
  it("may write TXT records of challenges in the domain, and nothing else", () => {
    const [, change] = challengeStatements("example.org", ANY, undefined);
    expect(change).toEqual({
      actions: ["route53:ChangeResourceRecordSets"],
      resources: [ANY],
      condition: {
        "ForAllValues:StringLike": {
          "route53:ChangeResourceRecordSetsNormalizedRecordNames": [
            "_acme-challenge.example.org",
            "_acme-challenge.*.example.org",
          ],
          "route53:ChangeResourceRecordSetsRecordTypes": ["TXT"],
        },
      },
    });
  });

  it("may look for the zone only if its id is not known", () => {
    const actions = (arn: string, id?: string) =>
      challengeStatements("example.org", arn, id).flatMap((one) => one.actions);
    expect(actions(ANY)).toContain("route53:ListHostedZonesByName");
    expect(actions(ONE, "Z012")).toEqual([
      "route53:GetChange",
      "route53:ChangeResourceRecordSets",
      "route53:ListResourceRecordSets",
    ]);
  });

  it("is of the zone's partition", () => {
    const [get] = challengeStatements("example.org", ANY.replace("aws", "aws-cn"), undefined);
    expect(get?.resources).toEqual(["arn:aws-cn:route53:::change/*"]);
  });
});
