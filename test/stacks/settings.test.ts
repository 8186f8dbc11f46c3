import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { HANDING_BACK } from "../../components/standby/disaster.ts";
import { parseSettings, type Role } from "../../stacks/settings.ts";
import { CONFIG } from "../support/config.ts";

const ROLES = ["prod", "dr", "link", "traffic"] as const;

/** Keys that may be left empty. */
const OPTIONAL = [
  "alertEmail",
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

  const same = (...values: string[]): [string, unknown][] => values.map((value) => [value, value]);
  const numbers = (...values: number[]): [string, unknown][] => values.map((value) => [String(value), value]);

  /** For each key: a role that reads it, values that it takes with what they become, and values that it refuses. */
  const KEYS: Record<string, { role: Role; takes: [string, unknown][]; refuses: string[] }> = {
    "multicloud-dr:workload": {
      role: "prod",
      takes: ["abc", "web-shop-2", "a234567890123456"].map((value) => [value, value]),
      refuses: [
        ...["ab", "a2345678901234567", "Shop", "2shop", "-shop", "shop-", "my_shop", "my shop", "my--shop"],
        ...["xn-shop", "sthree-shop", "amzn-s3-demo-a", "internal-shop", "sg-shop", "microsoft-shop", "login-page"],
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
    "multicloud-dr:domain": {
      role: "prod",
      takes: same("shop.example.com", "example.com"),
      refuses: ["example", "Shop.example.com", "shop.example.com.", "-shop.example.com", "shop..com", "https://a.de"],
    },
    "multicloud-dr:appName": {
      role: "prod",
      takes: same("app.shop.example.com", "www.eu.shop.example.com"),
      refuses: ["app", "App.shop.example.com", "app.shop.example.com."],
    },
    "multicloud-dr:contentName": {
      role: "dr",
      takes: same("content.shop.example.com", "static-2.shop.example.com"),
      refuses: ["content", "content.", "-content.shop.example.com"],
    },
    "multicloud-dr:healthPath": {
      role: "prod",
      takes: same("/", "/healthz", "/api/v1/health_check"),
      refuses: ["healthz", "/health z", "/healthz?deep=1", "/ä"],
    },
    "multicloud-dr:serversMin": { role: "prod", takes: numbers(1, 12), refuses: ["0", "1001", "-1", "3.5", "many"] },
    "multicloud-dr:serversMax": { role: "dr", takes: numbers(3, 1000), refuses: ["0", "1001", "many"] },
    "multicloud-dr:databaseName": {
      role: "prod",
      takes: same("app", "shop_2"),
      refuses: ["2app", "App", "my-app", "mysql", "sys", "performance_schema", "a".repeat(65)],
    },
    "multicloud-dr:databaseStorageGib": { role: "prod", takes: numbers(20, 500), refuses: ["19", "14001", "100 GB"] },
    "multicloud-dr:databaseBackupDays": { role: "dr", takes: numbers(7, 35), refuses: ["0", "6", "36"] },
    "multicloud-dr:logRetentionDays": { role: "prod", takes: numbers(30, 545), refuses: ["0", "31", "1000"] },
    "multicloud-dr:alertEmail": {
      role: "prod",
      takes: same("ops@example.com", "Ops+DR@example.com", ""),
      refuses: ["ops", "ops@", "a@b.de, c@d.de", "Ops <ops@example.com>"],
    },
    "multicloud-dr:natGateways": { role: "prod", takes: same("zone", "one"), refuses: ["none", "2"] },
    "multicloud-dr:zoneId": {
      role: "prod",
      takes: same("create", "Z0123456789ABCDEFGHIJ"),
      refuses: ["Create", "/hostedzone/Z0123456789ABCDEFGHIJ", "zone"],
    },
    "multicloud-dr:serverImage": {
      role: "prod",
      takes: same("ami-0a1b2c3d4e5f60718", "resolve:ssm:/golden/shop", "resolve:ssm:golden-shop:3"),
      refuses: ["ubuntu", "ami-", "ami-XYZ", "ssm:/golden/shop"],
    },
    "multicloud-dr:serverType": {
      role: "prod",
      takes: same("m7i.large", "c7i-flex.2xlarge"),
      refuses: ["m7i", "large"],
    },
    "multicloud-dr:databaseClass": { role: "prod", takes: same("db.r8g.4xlarge"), refuses: ["m7g.large", "db.m7g"] },
    "multicloud-dr:databaseMaxStorageGib": {
      role: "prod",
      takes: numbers(220, 16_384),
      refuses: ["21", "16385", "unlimited"],
    },
    "multicloud-dr:objectLockMode": {
      role: "prod",
      takes: same("governance", "compliance", "none"),
      refuses: ["GOVERNANCE", "legal-hold"],
    },
    "multicloud-dr:objectLockDays": { role: "prod", takes: numbers(1, 36_500), refuses: ["-1", "36501", "a year"] },
    "multicloud-dr:vaultLockMode": {
      role: "prod",
      takes: same("governance", "compliance"),
      refuses: ["none", "COMPLIANCE"],
    },
    "multicloud-dr:vaultLockDays": { role: "prod", takes: numbers(1, 36_500), refuses: ["0", "36501"] },
    "multicloud-dr:strategy": {
      role: "dr",
      takes: same("backup-restore", "pilot-light", "warm-standby", "active-active"),
      refuses: ["pilot light", "hot", "Pilot-Light"],
    },
    "multicloud-dr:declareWhy": {
      role: "dr",
      takes: same("eu-west-1 is down since 07:11, see INC-4711", "Überflutung", ""),
      refuses: ["two\nlines", "a".repeat(201)],
    },
    "multicloud-dr:declareBy": { role: "dr", takes: same("on-call", ""), refuses: ["a\tb", "a".repeat(101)] },
    "multicloud-dr:lastDrill": {
      role: "dr",
      takes: same("", "2026-11-30", "2024-02-29"),
      refuses: ["2026-13-01", "2026-11-31T00:00:00Z", "30.11.2026", "2026-1-1", "today"],
    },
    "multicloud-dr:databaseGivenUp": {
      role: "dr",
      takes: same("3e11fa47-71ca-11e1-9e33-c80aa9429562:23", "3e11fa47-71ca-11e1-9e33-c80aa9429562:tag:5", ""),
      refuses: ["all", "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-5", "3e11fa47-71ca-11e1-9e33-c80aa9429562"],
    },
    "multicloud-dr:drill": {
      role: "dr",
      takes: [
        ["true", true],
        ["false", false],
      ],
      refuses: ["yes", "True"],
    },
    "multicloud-dr:warmServers": { role: "dr", takes: numbers(1, 3), refuses: ["0", "1001"] },
    "multicloud-dr:standbyImage": {
      role: "dr",
      takes: same(
        "Canonical:ubuntu-24_04-lts:server:latest",
        "/subscriptions/0000/resourceGroups/shop/providers/Microsoft.Compute/galleries/shop/images/server/versions/1.0.0",
        "/subscriptions/0000/resourceGroups/shop/providers/Microsoft.Compute/galleries/shop/images/server",
      ),
      refuses: [
        "ubuntu",
        "Canonical:ubuntu:server",
        "/subscriptions/0000/resourceGroups/shop",
        "/subscriptions/0000/resourceGroups/shop/providers/Microsoft.Compute/images/server",
      ],
    },
    "multicloud-dr:standbyServerSize": {
      role: "dr",
      takes: same("Standard_D2s_v5", "Standard_E8-4ads_v5"),
      refuses: ["D2s_v5", "standard_d2s_v5", "m7i.large"],
    },
    "multicloud-dr:handBack": { role: "dr", takes: same("no"), refuses: ["copy", "yes", "No"] },
    "multicloud-dr:growDatabase": {
      role: "dr",
      takes: [
        ["true", true],
        ["false", false],
      ],
      refuses: ["yes", "True", "1"],
    },
    "multicloud-dr:otherServerSizes": {
      role: "dr",
      takes: same("", "Standard_D2as_v5", "Standard_D2as_v5 Standard_E8-4ads_v5"),
      refuses: [
        "D2s_v5",
        "Standard_D2as_v5,Standard_D2ds_v5",
        "Standard_D2as_v5  Standard_D2ds_v5",
        " Standard_D2as_v5",
      ],
    },
    "multicloud-dr:standbyDatabaseSize": {
      role: "dr",
      takes: same("Standard_D4ads_v5", "Standard_E8ds_v4"),
      refuses: ["Standard_B1ms", "db.m7g.xlarge", "D4ads_v5"],
    },
    "multicloud-dr:standbyDatabaseReducedSize": {
      role: "dr",
      takes: same("Standard_D2ads_v5"),
      refuses: ["Standard_B2s", "small"],
    },
    "multicloud-dr:immutabilityDays": { role: "dr", takes: numbers(1, 146_000), refuses: ["0", "146001"] },
    "multicloud-dr:lockImmutability": {
      role: "dr",
      takes: [
        ["true", true],
        ["false", false],
      ],
      refuses: ["yes", "locked"],
    },
    "multicloud-dr:copyTier": { role: "dr", takes: same("Cool", "Cold", "Hot"), refuses: ["cool", "Archive"] },
    "multicloud-dr:monthlyBudget": { role: "dr", takes: numbers(1, 1_000_000), refuses: ["0", "200 EUR"] },
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
    "multicloud-dr:databasePasswordGeneration": {
      role: "prod",
      takes: numbers(1, 1_000_000),
      refuses: ["0", "1000001", "next"],
    },
    "multicloud-dr:dailyDumps": { role: "link", takes: numbers(3, 365), refuses: ["2", "366", "14 days"] },
    "multicloud-dr:weeklyDumps": { role: "link", takes: numbers(7, 3650), refuses: ["6", "3651"] },
    "multicloud-dr:monthlyDumps": { role: "dr", takes: numbers(31, 36_500), refuses: ["30", "36501"] },
    "multicloud-dr:databaseReplication": { role: "link", takes: same("nightly", "live"), refuses: ["Live", "never"] },
    "multicloud-dr:dumpConcurrency": { role: "link", takes: numbers(1, 100), refuses: ["0", "101"] },
    "multicloud-dr:dumpTime": {
      role: "link",
      takes: same("02:15", "00:00", "23:59"),
      refuses: ["2:15", "24:00", "02:60", "02:15:00", "02.15", "noon"],
    },
    "multicloud-dr:serverSideCopy": {
      role: "link",
      takes: [
        ["true", true],
        ["false", false],
      ],
      refuses: ["yes", "server"],
    },
    "multicloud-dr:webIdentityIssuer": {
      role: "link",
      takes: ["enable", "https://0a1b2c3d.tokens.sts.global.api.aws"].map((value) => [value, value]),
      refuses: ["http://0a1b2c3d.tokens.sts.global.api.aws", "yes", "disable"],
    },
    "multicloud-dr:ttlSeconds": {
      role: "traffic",
      takes: [
        ["30", 30],
        ["60", 60],
      ],
      refuses: ["29", "61", "60s"],
    },
    "multicloud-dr:failoverMode": {
      role: "traffic",
      takes: same("manual", "automatic"),
      refuses: ["auto", "Manual", "none"],
    },
    "multicloud-dr:otherMarkers": {
      role: "traffic",
      takes: [
        ["", []],
        [
          "https://marker.example.net/ https://a1.example.org:8443/shop/dr",
          ["https://marker.example.net/", "https://a1.example.org:8443/shop/dr"],
        ],
      ],
      refuses: [
        ...["https://marker.example.net/", "https://a.example.net/ https://b.example.net/ https://c.example.net/"],
        ...["http://a.example.net/ https://b.example.net/", "https://a.example.net/,https://b.example.net/"],
        ...["https://a.example.net/  https://b.example.net/", "https://a.example.net/ https://b.example.net/?c=d"],
        ...["https://a.example.net:99999/ https://b.example.net/", "https://1.2.3.999/ https://b.example.net/"],
      ],
    },
    "multicloud-dr:standbyShare": {
      role: "traffic",
      takes: [["", undefined], ...numbers(0, 7, 100)],
      refuses: ["101", "1000", "-1", "10%", "1.5", " 5", "half"],
    },
    "multicloud-dr:bypassEdge": {
      role: "traffic",
      takes: [
        ["true", true],
        ["false", false],
      ],
      refuses: ["yes", "True", "1"],
    },
    "multicloud-dr:databaseHostName": {
      role: "traffic",
      takes: same("", "database.shop.internal", "db-1.eu.shop.internal"),
      refuses: [
        ...["database.internal", "internal", "database.shop.example.com", "database.shop.internal.", "10.16.0.5"],
        ...["Database.shop.internal", "-db.shop.internal", `${"a".repeat(64)}.shop.internal`, "database.shop-internal"],
      ],
    },
    "aws:region": {
      role: "prod",
      takes: same("eu-west-1", "ap-southeast-5"),
      refuses: ["eu-west-9", "eu-west-1a", "Ireland", "EU-WEST-1", "eu-west"],
    },
    "azure-native:location": {
      role: "dr",
      takes: ["germanywestcentral", "eastus2"].map((value) => [value, value]),
      refuses: ["atlantis", "germanynorth", "Germany West Central", "germany-west-central", "2east"],
    },
  };

  const SECRETS: Record<string, { takes: string[]; refuses: string[] }> = {
    "multicloud-dr:databasePassword": {
      takes: ["Correct.Horse-Battery~9", "aA1_aA1_aA1_aA1_"],
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

  for (const [key, { role, takes, refuses }] of Object.entries(KEYS)) {
    const short = key.replace("multicloud-dr:", "");
    for (const [value, becomes] of takes) {
      it(`take ${short} = ${JSON.stringify(value).slice(0, 40)}`, () => {
        expect(read(role, { [key]: value })).to.have.deep.property(short, becomes);
      });
    }
    for (const value of [...(OPTIONAL.includes(short) ? [] : [""]), ...refuses]) {
      it(`refuse ${short} = ${JSON.stringify(value).slice(0, 40)}, with a value that would do`, () => {
        const report = refusal(role, { [key]: value });
        expect(keysIn(report)).to.deep.equal([key]);
        expect(report).to.contain(`found    ${value ? JSON.stringify(value) : "nothing"}`);
        const [, example] = new RegExp(`mend     pulumi config set --stack ${role} ${key} (.+)$`).exec(report) ?? [];
        expect(() => read(role, { [key]: example?.replaceAll("'", "") })).to.not.throw();
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
    for (const [key, { takes, refuses }] of Object.entries(SECRETS)) {
      const short = key.replace("multicloud-dr:", "");
      it(`take a good ${short}, or none`, () => {
        for (const value of ["", ...takes]) expect(read("dr", { [key]: value })).to.have.property(short, value);
      });

      it(`refuse a ${short} that one of the clouds would, without showing it`, () => {
        for (const value of refuses) {
          const report = refusal("dr", { [key]: value });
          expect(keysIn(report)).to.deep.equal([key]);
          expect(report).to.not.contain(value);
          expect(report).to.contain(`mend     pulumi config set --secret --stack dr ${key}`);
        }
      });
    }
  });
});
