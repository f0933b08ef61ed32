/**
 * The pack's entry point: `pulumi preview --policy-pack policies`. Loading it starts the analyzer.
 */
import { PolicyPack } from "@pulumi/policy";
import { Config } from "@pulumi/pulumi";
import { SYSTEMS } from "../systems";
import { POLICIES } from "./catalog";
import { readPolicyContext } from "./policy-context";
import { Registrations } from "./registrations";
import { PACK_NAME, packArguments } from "./registry";
import { observeAnalyses } from "./wire";

observeAnalyses(new Registrations());
new PolicyPack(
  PACK_NAME,
  packArguments(POLICIES, readPolicyContext(SYSTEMS, new Config("runstack"))),
);
