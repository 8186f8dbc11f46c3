import { FLAGS, numbers, same, type Tried } from "./tried.ts";

/** What `link` reads besides. */
export const LINK: Tried = {
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
  "multicloud-dr:webIdentityIssuer": {
    role: "link",
    takes: ["enable", "https://0a1b2c3d.tokens.sts.global.api.aws"].map((value) => [value, value]),
    refuses: ["http://0a1b2c3d.tokens.sts.global.api.aws", "yes", "disable"],
  },
  "multicloud-dr:replicationConcurrency": {
    role: "link",
    takes: [
      ["2", 2],
      ["1000", 1000],
    ],
    refuses: ["1", "1001", "many"],
  },
  "multicloud-dr:serverSideCopy": {
    role: "link",
    takes: FLAGS,
    refuses: ["yes", "server"],
  },
  "multicloud-dr:databaseReplication": {
    role: "link",
    takes: same("nightly", "live"),
    refuses: ["Live", "never"],
    beside: { "multicloud-dr:vpn": "standing" },
  },
  "multicloud-dr:secretReplication": {
    role: "link",
    takes: [...same("live", "nightly", "off"), ["false", "off"]],
    refuses: ["Live", "hourly", "true"],
  },
  "multicloud-dr:vpn": {
    role: "link",
    takes: same("none", "standing", "on-demand"),
    refuses: ["None", "on demand", "always", "true"],
  },
  "multicloud-dr:awsGateway": {
    role: "link",
    takes: same("virtual-private", "transit"),
    refuses: ["vgw", "Transit", "virtual private"],
  },
  "multicloud-dr:primaryAsn": {
    role: "link",
    takes: numbers(64_512, 65_514, 65_516, 65_534),
    refuses: ["64511", "65535", "65515", "65517", "65520", "7224", "4200000000", "64512 ", "AS64512"],
  },
  "multicloud-dr:standbyAsn": {
    role: "link",
    takes: numbers(64_513, 65_521),
    refuses: ["12076", "65515", "65518", "65519", "23456", "0"],
  },
  "multicloud-dr:vpnCrypto": {
    role: "link",
    takes: same("gcm256-sha384-dh20", "aes256-sha256-dh14"),
    refuses: ["aes128", "GCM256-SHA384-DH20", "default"],
  },
  "multicloud-dr:vpnKeyGenerations": {
    role: "link",
    takes: [
      ["1 1 1 1", [1, 1, 1, 1]],
      ["1 12 3 999999", [1, 12, 3, 999_999]],
    ],
    refuses: ["1", "1 1 1", "1 1 1 1 1", "0 1 1 1", "1,1,1,1", "1  1 1 1", "one 1 1 1"],
  },
  "multicloud-dr:imageReplication": {
    role: "link",
    takes: [...same("off", "on"), ["true", "on"], ["false", "off"]],
    refuses: ["On", "yes", "always"],
  },
  "multicloud-dr:imageVersions": { role: "link", takes: numbers(1, 100), refuses: ["0", "101"] },
  "multicloud-dr:imageMaxLagHours": { role: "link", takes: numbers(1, 720), refuses: ["0", "721"] },
  "multicloud-dr:dumpConcurrency": { role: "link", takes: numbers(1, 100), refuses: ["0", "101"] },
  "multicloud-dr:dumpTime": {
    role: "link",
    takes: same("02:15", "00:00", "23:59"),
    refuses: ["2:15", "24:00", "02:60", "02:15:00", "02.15", "noon"],
  },
};

/** What `traffic` reads besides. */
export const TRAFFIC: Tried = {
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
    takes: FLAGS,
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
};
