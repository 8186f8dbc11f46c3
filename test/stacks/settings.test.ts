import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { HANDING_BACK } from "../../components/standby/disaster.ts";
import { parseSettings, type Role } from "../../stacks/settings.ts";
import { CONFIG } from "../support/config.ts";
import { BOTH_SITES } from "../support/tried-settings/both-sites.ts";
import { DR } from "../support/tried-settings/dr.ts";
import { LINK, TRAFFIC } from "../support/tried-settings/link-traffic.ts";
import { PROD } from "../support/tried-settings/prod.ts";
import { same, type Tried } from "../support/tried-settings/tried.ts";

const ROLES = ["prod", "dr", "link", "traffic"] as const;

/** Keys that may be left empty. */
const OPTIONAL = [
  "alertEmail",
  "containerImage",
  "containerRepositories",
  "databaseGivenUp",
  "databaseHostName",
  "databasePassword",
  "declareBy",
  "declareWhy",
  "lastDrill",
  "otherMarkers",
  "otherServerSizes",
  "standbyShare",
];

/** The settings of the one workload in the good configuration of a role with some values changed; `undefined` leaves a key out. */
function read(role: Role, changes: Record<string, string | undefined> = {}) {
  const config = Object.entries({ ...CONFIG[role], ...changes }).filter(([, value]) => value !== undefined);
  const { workloads } = parseSettings(Object.fromEntries(config) as Record<string, string>, role);
  return workloads[0] as unknown as Record<string, unknown>;
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
    expect(read("traffic")).to.deep.equal({
      role: "traffic",
      workload: "shop",
      environment: "production",
      owner: "platform-team",
      protectData: true,
      prodStack: "prod",
      drStack: "dr",
      ttlSeconds: 60,
      failoverMode: "manual",
      otherMarkers: [],
      standbyShare: undefined,
      bypassEdge: false,
      databaseHostName: "",
      "aws:region": "us-east-1",
    });
  });

  const KEYS: Tried = { ...BOTH_SITES, ...PROD, ...DR, ...LINK, ...TRAFFIC };

  const GOOD_KEYS = ["a", "B", "c.", "_4"].map((start) => start.padEnd(20, "xY_9."));
  const withKey = (key: string) => [...GOOD_KEYS.slice(0, 3), key].join(" ");

  const SECRETS: Record<string, { role: Role; none?: unknown; takes: [string, unknown][]; refuses: string[] }> = {
    "multicloud-dr:vpnKeys": {
      role: "link",
      none: [],
      takes: [[GOOD_KEYS.join(" "), GOOD_KEYS]],
      refuses: [
        ...[withKey(`0${"a".repeat(30)}`), withKey("a".repeat(19)), withKey("a".repeat(65)), withKey("")],
        ...[withKey(`${"a".repeat(20)}-`), withKey(`${"a".repeat(20)}!`), withKey(`${"a".repeat(20)}ü`)],
        ...[GOOD_KEYS.slice(0, 3).join(" "), withKey(String(GOOD_KEYS[0])), GOOD_KEYS.join("  ")],
      ],
    },
    "multicloud-dr:databasePassword": {
      role: "dr",
      takes: same("Correct.Horse-Battery~9", "aA1_aA1_aA1_aA1_"),
      refuses: [
        ...["Short-1aA", "no-capitals-in-here-1", "NO-SMALL-IN-HERE-1", "No-digits-in-here-aa"],
        ...[
          "Has a space in it 1",
          "Has@an-at-sign-1234",
          "Has/a-slash-123456",
          'Has"quotes"-123456',
          "Has'quotes'-123456",
        ],
        ...["Has\\backslash-12345", "Has$dollar-12345678", "Ümlaut-is-in-here-1", `aA1${"a".repeat(126)}`],
      ],
    },
  };

  it("are all tried below, but for the role, which is tried above", () => {
    const all = ROLES.flatMap((role) => Object.keys(read(role)));
    const tried = [...Object.keys(KEYS), ...Object.keys(SECRETS)].map((key) => key.replace("multicloud-dr:", ""));
    expect(tried).to.have.members([...new Set(all)].filter((key) => key !== "role"));
  });

  for (const [key, { role, takes, refuses, beside }] of Object.entries(KEYS)) {
    const short = key.replace("multicloud-dr:", "");
    for (const [value, becomes] of takes) {
      it(`take ${short} = ${JSON.stringify(value).slice(0, 40)}`, () => {
        expect(read(role, { ...beside, [key]: value })).to.have.deep.property(short, becomes);
      });
    }
    for (const value of [...(OPTIONAL.includes(short) ? [] : [""]), ...refuses]) {
      it(`refuse ${short} = ${JSON.stringify(value).slice(0, 40)}, with a value that would do`, () => {
        const report = refusal(role, { ...beside, [key]: value });
        expect(keysIn(report)).to.deep.equal([key]);
        expect(report).to.contain(`found    ${value ? JSON.stringify(value) : "nothing"}`);
        const [, example] = new RegExp(`mend     pulumi config set --stack ${role} ${key} (.+)$`).exec(report) ?? [];
        expect(() => read(role, { ...beside, [key]: example?.replaceAll("'", "") })).to.not.throw();
      });
    }
    it(`refuse to do without ${short}`, () => {
      const report = refusal(role, { [key]: undefined });
      expect(keysIn(report)).to.deep.equal([key]);
      expect(report).to.contain("found    nothing");
    });
  }

  it("take each handBack where a disaster is declared: there is something to hand back", () => {
    for (const handBack of HANDING_BACK) {
      const changes = { "multicloud-dr:declareDisaster": "site", "multicloud-dr:handBack": handBack };
      expect(read("dr", changes)).to.have.property("handBack", handBack);
    }
  });

  it("have prod take the database's name as traffic does", () => {
    const name = "database.shop.internal";
    expect(read("prod", { "multicloud-dr:databaseHostName": name })).to.have.property("databaseHostName", name);
    expect(keysIn(refusal("prod", { "multicloud-dr:databaseHostName": "database.shop.example.com" }))).to.deep.equal([
      "multicloud-dr:databaseHostName",
    ]);
  });

  describe("that are secrets", () => {
    for (const [key, { role, none = "", takes, refuses }] of Object.entries(SECRETS)) {
      const short = key.replace("multicloud-dr:", "");
      it(`take a good ${short}, or none`, () => {
        for (const [value, becomes] of [["", none], ...takes] as [string, unknown][]) {
          expect(read(role, { [key]: value })).to.have.deep.property(short, becomes);
        }
      });

      it(`refuse a ${short} that one of the clouds would, without showing it`, () => {
        for (const value of refuses) {
          const report = refusal(role, { [key]: value });
          expect(keysIn(report)).to.deep.equal([key]);
          expect(report).to.not.contain(value);
          expect(report).to.contain(`mend     pulumi config set --secret --stack ${role} ${key}`);
        }
      });
    }
  });
});
