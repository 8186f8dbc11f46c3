import { expect } from "chai";
import { DISASTERS } from "../../../components/standby/disaster.ts";
import { STRATEGIES, type Strategy } from "../../../components/standby/standby-plan.ts";
import { VPN_MODES, type VpnMode } from "../../../components/vpn/vpn-plan.ts";
import { PORTION_BYTES } from "../../../lambdas/database/dump.ts";
import { totalOf } from "../../../operations/costs/bill.ts";
import { replicationBill, vpnBill } from "../../../operations/costs/link-bill.ts";
import { USAGE } from "../../../operations/costs/usage.ts";
import { link } from "../../../stacks/link.ts";
import { settingsOf } from "../../support/config.ts";
import { deploy } from "../../support/mocks.ts";
import { DR_OUTPUTS, PROD_OUTPUTS } from "../../support/other-stacks.ts";
import { deployTraffic, HEALTH_CHECK } from "../../support/traffic-stack.ts";
import { lineOf, namesOf, planOf, primaryWith, standbyWith } from "./sites.ts";

function replication(strategy: Strategy) {
  const standby = standbyWith({ strategy });
  return replicationBill(standby, primaryWith());
}

describe("what goes between the sites", () => {
  it("carries a dump each night with every strategy, and the changes besides where the database follows live", () => {
    for (const strategy of STRATEGIES) {
      expect(lineOf(replication(strategy), "dumps, from AWS").quantity).to.be.closeTo((16 * 365) / 12, 1e-9);
      const changes = namesOf(replication(strategy)).filter((what) => what.startsWith("database's changes"));
      expect(changes.length, strategy).to.equal(strategy === "warm-standby" || strategy === "active-active" ? 2 : 0);
    }
    expect(lineOf(replication("warm-standby"), "database's changes, from").quantity).to.be.closeTo(73, 1e-9);
  });

  describe("the nightly dump", () => {
    const bill = (own: Parameters<typeof primaryWith>[0] = {}) => {
      const standby = standbyWith();
      return replicationBill(standby, primaryWith(own));
    };
    const NIGHTS = 365 / 12;

    it("has a replica of the primary's class for two hours where there are 100 GiB of data, and never beyond a day", () => {
      const hours = (databaseStorageGib: number) => lineOf(bill({ databaseStorageGib }), "dumps, replica db").quantity;
      expect(hours(250)).to.be.closeTo(2 * NIGHTS, 1e-9);
      expect(hours(500)).to.be.closeTo(3 * NIGHTS, 1e-9);
      expect(hours(14_000)).to.be.closeTo(24 * NIGHTS, 1e-9);
    });

    it("has the functions wait for the replica, as many as dump at once", () => {
      // 0.8 hours of eight functions of 1769 MiB, and 1,280 chunks that are carried.
      const expected = (0.8 * 3600 * 8 * (1769 / 1024) + 1280 * 0.25) * NIGHTS;
      expect(lineOf(bill(), "dumps, time of the functions").quantity * 1e6).to.be.closeTo(expected, 1);
    });

    it("takes steps by the chunks, and some each night", () => {
      expect(lineOf(bill(), "dumps, steps").quantity * 1000).to.be.closeTo((2 * 1280 + 300) * NIGHTS, 1e-6);
    });

    it("is kept on AWS as on Azure, by its kind", () => {
      const dumps = lineOf(bill(), "dumps, storage on AWS").quantity / 16;
      expect(dumps).to.be.within(30, 34);
    });

    it("reckons with the chunks that are made", () => {
      expect(USAGE.portionMib * 2 ** 20).to.equal(PORTION_BYTES);
    });
  });

  it("carries the content with every strategy", () => {
    for (const strategy of STRATEGIES) {
      expect(lineOf(replication(strategy), "content, from AWS").quantity).to.equal(25);
    }
  });

  it("looks for a declaration of both public names, and whether the standby can serve them", () => {
    for (const strategy of STRATEGIES) {
      const bill = replication(strategy);
      // For the app its declaration, readiness and health; for the content the edge instead of the health.
      expect(bill.find(({ what }) => what === "health checks")?.quantity).to.equal(6);
      expect(lineOf(bill, "health checks, options").quantity).to.equal(3 + 3 + 2 + (3 + 3 + 1));
      expect(lineOf(bill, "health checks, calculated").quantity).to.equal(4);
    }
  });

  it("counts the health checks that traffic registers", async () => {
    const { resources } = await deployTraffic();
    const all = resources.ofType(HEALTH_CHECK).map(({ inputs }) => inputs);
    const [counting, looking] = [true, false].map((calculated) =>
      all.filter(({ type }) => (type === "CALCULATED") === calculated),
    );
    const bill = replication("pilot-light");
    expect(bill.find(({ what }) => what === "health checks")?.quantity).to.equal(looking?.length);
    expect(lineOf(bill, "health checks, calculated").quantity).to.equal(counting?.length);
    const options = looking?.flatMap(({ type, searchString, requestInterval }) =>
      [String(type).startsWith("HTTPS"), searchString !== undefined, requestInterval === 10].filter(Boolean),
    );
    expect(lineOf(bill, "health checks, options").quantity).to.equal(options?.length);
  });

  describe("the VPN", () => {
    const stands = (strategy: Strategy, vpn: VpnMode) =>
      DISASTERS.filter((disaster) => {
        const settings = standbyWith({ strategy, vpn });
        return totalOf(vpnBill(settings, planOf(settings, disaster), false)) > 0;
      });

    it("follows the mode: none, or while the database alone is lost", () => {
      for (const strategy of ["backup-restore", "pilot-light"] as const) {
        expect(stands(strategy, "none")).to.deep.equal([]);
        expect(stands(strategy, "on-demand")).to.deep.equal(["database"]);
      }
    });

    it("stands where the database follows live, whatever is set for another strategy", () => {
      for (const strategy of ["warm-standby", "active-active"] as const) {
        for (const vpn of VPN_MODES) expect(stands(strategy, vpn)).to.deep.equal([...DISASTERS]);
      }
    });

    it("counts what link registers", async () => {
      const settings = { ...settingsOf("link"), vpn: "standing" as const };
      const stacks = {
        "organization/multicloud-dr/prod": { outputs: { ...PROD_OUTPUTS, databaseHostName: "database.shop.internal" } },
        "organization/multicloud-dr/dr": { outputs: { ...DR_OUTPUTS, vpn: "standing" } },
      };
      const { resources } = await deploy(() => link([settings]), { stacks });
      const own = resources.customs.filter(({ name }) => name.startsWith("shop-vpn-"));
      const count = (type: string) => own.filter((each) => each.type === type).length;
      const standby = standbyWith({ strategy: "warm-standby" });
      const quantity = (what: string) => lineOf(vpnBill(standby, planOf(standby), true), what).quantity;
      expect(quantity("VPN, Azure's gateway")).to.equal(
        USAGE.hours * count("azure-native:network:VirtualNetworkGateway"),
      );
      expect(quantity("VPN, Azure's addresses")).to.equal(USAGE.hours * count("azure-native:network:PublicIPAddress"));
      expect(quantity("VPN, AWS's connections")).to.equal(USAGE.hours * count("aws:ec2/vpnConnection:VpnConnection"));
      expect(quantity("VPN, Azure's DNS resolver")).to.equal(
        USAGE.hours * count("azure-native:dnsresolver:InboundEndpoint"),
      );
      const [asking] = own.filter(({ type }) => type === "aws:route53/resolverEndpoint:ResolverEndpoint");
      const addresses = asking?.inputs.ipAddresses as unknown[];
      expect(quantity("VPN, AWS's addresses")).to.equal(USAGE.hours * addresses.length);
      expect(quantity("VPN, secrets")).to.equal(count("aws:ec2/vpnConnection:VpnConnection"));
      expect(quantity("VPN, alarms")).to.equal(count("aws:cloudwatch/metricAlarm:MetricAlarm"));
    });
  });
});
