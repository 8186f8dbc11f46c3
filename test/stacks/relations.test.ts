import { expect } from "chai";
import type { Role } from "../../stacks/fields.ts";
import { parseSettings } from "../../stacks/settings.ts";
import { CONFIG } from "../support/config.ts";

/** The report on a good configuration with these values changed; empty when it is accepted. */
function report(role: Role, changes: Record<string, string>): string {
  const named = Object.entries(changes).map(([key, value]) => [fullKey(key), value]);
  try {
    parseSettings({ ...CONFIG[role], ...Object.fromEntries(named) }, role);
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

function fullKey(key: string): string {
  return key.includes(":") ? key : `multicloud-dr:${key}`;
}

const TWO_MARKERS = "https://marker.example.net/ https://marker.example.org/";

/** Good values, each by itself, that do not go together: with the key to mend, why, and the mend. */
const CONFLICTS: [Role, Record<string, string>, key: string, why: string, mend: string][] = [
  ["prod", { serversMin: "5", serversMax: "4" }, "serversMax", "at least multicloud-dr:serversMin (5)", "5"],
  ["dr", { warmServers: "4" }, "warmServers", "at most multicloud-dr:serversMin (3)", "3"],
  ["prod", { databaseStorageGib: "1000" }, "databaseMaxStorageGib", "at least a tenth more", "1100"],
  ["prod", { appName: "app.other.com" }, "appName", "a name inside the zone", "app.shop.example.com"],
  [
    "dr",
    { contentName: "content.xshop.example.com" },
    "contentName",
    "a name inside the zone",
    "content.shop.example.com",
  ],
  ["prod", { appName: "shop.example.com" }, "appName", "its apex takes no CNAME", "app.shop.example.com"],
  ["dr", { contentName: "app.shop.example.com" }, "contentName", "another name than", "content.shop.example.com"],
  ["prod", { objectLockMode: "compliance", objectLockDays: "0" }, "objectLockDays", "a lock of no days", "30"],
  ["prod", { objectLockDays: "0" }, "objectLockDays", "at least 1 with multicloud-dr:objectLockMode governance", "30"],
  [
    "dr",
    { strategy: "active-active", "azure-native:location": "spaincentral" },
    "azure-native:location",
    "has a second zone",
    "germanywestcentral",
  ],
  ["link", { dumpTime: "02:30" }, "dumpTime", "45 minutes to make a replica before the database's backup", "02:15"],
  ["link", { dumpTime: "06:45" }, "dumpTime", "the maintenance (sun:06:30-sun:07:30)", "02:15"],
  ["dr", { drill: "true", declareDisaster: "site" }, "drill", "a drill moves no users", "false"],
  ["dr", { strategy: "backup-restore", vpn: "standing" }, "vpn", "nothing runs there that could use it", "none"],
  ["dr", { strategy: "pilot-light", vpn: "standing" }, "vpn", "none or on-demand with multicloud-dr:strategy", "none"],
  ["dr", { strategy: "warm-standby", vpn: "on-demand" }, "vpn", "on-demand take 45 minutes to come", "none"],
  ["dr", { strategy: "active-active", vpn: "on-demand" }, "vpn", "none or standing with", "none"],
  ["dr", { standbyImage: "replicated" }, "imageReplication", "otherwise nothing is", "on"],
  ["link", { databaseReplication: "live" }, "vpn", "the standby's database follows over it", "standing"],
  ["link", { databaseReplication: "live", vpn: "on-demand" }, "vpn", "databaseReplication live", "standing"],
  ["link", { primaryAsn: "65000" }, "standbyAsn", "another number than multicloud-dr:primaryAsn (65000)", "64512"],
  ["link", { standbyAsn: "64512" }, "standbyAsn", "an end drops routes that bear its own", "65000"],
  ["link", { standbyCidr: "10.16.128.0/18" }, "standbyCidr", "a VPN joins both", "10.32.0.0/16"],
  ["dr", { handBack: "copy" }, "handBack", "there is nothing to hand back", "no"],
  ["dr", { handBack: "move", drill: "true" }, "handBack", "no while multicloud-dr:declareDisaster is none", "no"],
  [
    "traffic",
    { failoverMode: "automatic", otherMarkers: TWO_MARKERS },
    "failoverMode",
    "no calculated health check counts another one",
    "manual",
  ],
  ...[
    "https://marker.example.net/a https://marker.example.net/b",
    "https://m.example.net https://m.example.net:8443",
  ].map((otherMarkers): (typeof CONFLICTS)[number] => [
    ...(["traffic", { otherMarkers }, "otherMarkers", "whoever has both would be two of three", TWO_MARKERS] as const),
  ]),
];

describe("settings that are good each by itself", () => {
  for (const [role, changes, key, why, mend] of CONFLICTS) {
    it(`are refused where they do not go together: ${JSON.stringify(changes)}`, () => {
      const problems = report(role, changes);
      expect(problems).to.match(new RegExp(`^1 problem .*\n  ${fullKey(key)}\n`));
      expect(problems).to.contain(why);
      const word = mend.includes(" ") ? `'${mend}'` : mend;
      expect(problems).to.contain(`mend     pulumi config set --stack ${role} ${fullKey(key)} ${word}`);
      expect(report(role, { ...changes, [key]: mend })).to.equal("");
    });
  }

  it("are accepted at the edge of what goes together", () => {
    expect(report("prod", { serversMin: "12", serversMax: "12" })).to.equal("");
    expect(report("prod", { databaseStorageGib: "200", databaseMaxStorageGib: "220" })).to.equal("");
    expect(report("prod", { objectLockMode: "none", objectLockDays: "0" })).to.equal("");
    expect(report("link", { dumpTime: "04:00" })).to.equal("");
    expect(report("link", { databaseReplication: "live", vpn: "standing" })).to.equal("");
    for (const strategy of ["backup-restore", "pilot-light"]) {
      expect(report("dr", { strategy, vpn: "on-demand" })).to.equal("");
    }
    for (const strategy of ["warm-standby", "active-active"]) {
      for (const vpn of ["none", "standing"]) expect(report("dr", { strategy, vpn })).to.equal("");
    }
    expect(report("dr", { drill: "true" })).to.equal("");
    for (const handBack of ["copy", "move"]) {
      for (const declareDisaster of ["database", "content", "site"]) {
        expect(report("dr", { handBack, declareDisaster })).to.equal("");
      }
    }
    expect(report("traffic", { otherMarkers: TWO_MARKERS })).to.equal("");
    expect(report("traffic", { failoverMode: "automatic" })).to.equal("");
    expect(report("dr", { warmServers: "3" })).to.equal("");
  });

  it("are not compared as long as one of them is wrong by itself", () => {
    expect(report("prod", { serversMin: "many", serversMax: "1" })).to.match(/^1 problem/);
  });
});
