import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { parseSettings, type Role } from "../../stacks/settings.ts";
import { CONFIG } from "../support/config.ts";

const ROLES = ["prod", "dr", "link", "traffic"] as const;

/** Reads the good configuration of a role with some values changed; `undefined` leaves a key out. */
function read(role: Role, changes: Record<string, string | undefined> = {}) {
  const config = Object.entries({ ...CONFIG[role], ...changes }).filter(([, value]) => value !== undefined);
  return parseSettings(Object.fromEntries(config) as Record<string, string>, role) as Record<string, unknown>;
}

/** The report with which a configuration is refused. */
function refusal(role: Role, changes: Record<string, string | undefined>): string {
  try {
    read(role, changes);
  } catch (error) {
    expect(error).to.be.instanceOf(pulumi.RunError);
    return (error as Error).message;
  }
  throw new Error(`expected a refusal of ${JSON.stringify(changes)}`);
}

/** Keys that a report names as problems, in its order. */
function keysIn(report: string): string[] {
  return [...report.matchAll(/^ {2}(\S+)$/gm)].map(([, key = ""]) => key);
}

describe("the settings of a stack", () => {
  for (const role of ROLES) {
    it(`are read from the configuration of ${role}`, () => {
      expect(read(role)).to.include({ role, workload: "shop", owner: "platform-team", protectData: true });
    });
  }

  it("have numbers, flags and words of their own types, under keys without a namespace", () => {
    expect(read("dr", { "multicloud-dr:declareDisaster": "site" })).to.deep.equal({
      role: "dr",
      workload: "shop",
      environment: "production",
      owner: "platform-team",
      protectData: true,
      primaryCidr: "10.16.0.0/16",
      standbyCidr: "10.32.0.0/16",
      declareDisaster: "site",
      copyRetentionDays: 30,
      "azure-native:location": "germanywestcentral",
    });
  });

  /** For each key: a role that reads it, values that it takes with what they become, and values that it refuses. */
  const KEYS: Record<string, { role: Role; takes: [string, unknown][]; refuses: string[] }> = {
    "multicloud-dr:workload": {
      role: "prod",
      takes: ["abc", "web-shop-2", "a234567890123456"].map((value) => [value, value]),
      refuses: [
        ...["ab", "a2345678901234567", "Shop", "2shop", "-shop", "shop-", "my_shop", "my shop", "my--shop"],
        ...["xn-shop", "sthree-shop", "amzn-s3-demo-a", "microsoft-shop", "login-page"],
      ],
    },
    "multicloud-dr:environment": {
      role: "prod",
      takes: ["production", "test 2", "eu.prod-1_a", "a".repeat(64)].map((value) => [value, value]),
      refuses: [" production", "a".repeat(65), "prod/eu", "prod\n"],
    },
    "multicloud-dr:owner": {
      role: "prod",
      takes: ["platform-team", "team@example.com", "Team Übersee", "a/b", "a".repeat(128)].map((value) => [
        value,
        value,
      ]),
      refuses: ["a?", "Team #1, ops", "a\nb", " team", "team ", "*", "<team>", "100%", "a&b", "a\\b", "a".repeat(129)],
    },
    "multicloud-dr:protectData": {
      role: "prod",
      takes: [
        ["true", true],
        ["false", false],
      ],
      refuses: ["yes", "True", "1", "0"],
    },
    "multicloud-dr:primaryCidr": {
      role: "prod",
      takes: ["10.16.0.0/16", "192.168.4.0/22", "172.16.128.0/17"].map((value) => [value, value]),
      refuses: ["10.16.0.0/15", "10.16.0.0/23", "10.16.1.0/16", "10.16.0.0", "10.300.0.0/16"],
    },
    "multicloud-dr:standbyCidr": {
      role: "dr",
      takes: ["10.64.0.0/16", "192.168.8.0/22"].map((value) => [value, value]),
      refuses: ["10.32.0.0/15", "10.32.0.0/23", "10.32.0.1/16", "standby"],
    },
    "multicloud-dr:zones": {
      role: "prod",
      takes: [
        ["2", 2],
        ["6", 6],
      ],
      refuses: ["1", "7", "3.0", "-3", "three", "3 "],
    },
    "multicloud-dr:declareDisaster": {
      role: "dr",
      takes: ["none", "database", "content", "site"].map((value) => [value, value]),
      refuses: ["None", "all", "sites"],
    },
    "multicloud-dr:copyRetentionDays": {
      role: "dr",
      takes: [
        ["1", 1],
        ["365", 365],
      ],
      refuses: ["0", "366", "-1", "1e2", "30 days"],
    },
    "multicloud-dr:prodStack": {
      role: "link",
      takes: ["prod", "prod-eu.2_a"].map((value) => [value, value]),
      refuses: ["org/multicloud-dr/prod", "-prod", "my prod", "a".repeat(101)],
    },
    "multicloud-dr:drStack": {
      role: "traffic",
      takes: [["dr-eu", "dr-eu"]],
      refuses: ["org/multicloud-dr/dr", ".dr"],
    },
    "multicloud-dr:replicationConcurrency": {
      role: "link",
      takes: [
        ["2", 2],
        ["1000", 1000],
      ],
      refuses: ["1", "1001", "many"],
    },
    "multicloud-dr:domain": {
      role: "traffic",
      takes: ["a.de", "shop.example.com", "xn--bcher-kva.example"].map((value) => [value, value]),
      refuses: ["example", "Shop.example.com", "shop.example.com.", "-shop.example.com", "shop..com", "https://a.de"],
    },
    "multicloud-dr:webIdentityIssuer": {
      role: "link",
      takes: ["enable", "https://0a1b2c3d.tokens.sts.global.api.aws"].map((value) => [value, value]),
      refuses: ["http://0a1b2c3d.tokens.sts.global.api.aws", "yes", "disable"],
    },
    "multicloud-dr:contentName": {
      role: "traffic",
      takes: ["content", "c", "static-2", "a".repeat(63)].map((value) => [value, value]),
      refuses: ["content.shop", "-content", "content-", "Content", "a".repeat(64)],
    },
    "multicloud-dr:ttlSeconds": {
      role: "traffic",
      takes: [
        ["30", 30],
        ["60", 60],
      ],
      refuses: ["29", "61", "60s"],
    },
    "aws:region": {
      role: "prod",
      takes: ["eu-west-1", "us-gov-east-1", "ap-southeast-5"].map((value) => [value, value]),
      refuses: ["eu-west-1a", "Ireland", "EU-WEST-1", "eu-west"],
    },
    "azure-native:location": {
      role: "dr",
      takes: ["germanywestcentral", "eastus2"].map((value) => [value, value]),
      refuses: ["Germany West Central", "germany-west-central", "2east"],
    },
  };

  it("are all tried below, but for the role, which is tried above", () => {
    const all = ROLES.flatMap((role) => Object.keys(read(role)));
    const tried = Object.keys(KEYS).map((key) => key.replace("multicloud-dr:", ""));
    expect(tried).to.have.members([...new Set(all)].filter((key) => key !== "role"));
  });

  for (const [key, { role, takes, refuses }] of Object.entries(KEYS)) {
    const short = key.replace("multicloud-dr:", "");
    for (const [value, becomes] of takes) {
      it(`take ${short} = ${JSON.stringify(value).slice(0, 40)}`, () => {
        expect(read(role, { [key]: value })).to.have.property(short, becomes);
      });
    }
    for (const value of ["", ...refuses]) {
      it(`refuse ${short} = ${JSON.stringify(value).slice(0, 40)}, with a value that would do`, () => {
        const report = refusal(role, { [key]: value });
        expect(keysIn(report)).to.deep.equal([key]);
        expect(report).to.contain(`found    ${value ? JSON.stringify(value) : "nothing"}`);
        const [, example] = new RegExp(`mend     pulumi config set --stack ${role} ${key} (.+)$`).exec(report) ?? [];
        expect(() => read(role, { [key]: example })).to.not.throw();
      });
    }
    it(`refuse to do without ${short}`, () => {
      const report = refusal(role, { [key]: undefined });
      expect(keysIn(report)).to.deep.equal([key]);
      expect(report).to.contain("found    nothing");
    });
  }
});
