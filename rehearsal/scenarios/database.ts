import { expectNobodyAt, expectNothingLost, expectRecovery } from "./expectations.ts";
import { beginningAtNight, CALLED, comparing, declaring, failingBack, type Scenario, servedBy } from "./scenario.ts";
import { Tunnels } from "./tunnels.ts";

/** The name by which the primary's servers find the database, wherever it is. */
const HOST_NAME = "database.shop.internal";

/** The VPN of strategies in which nothing runs at the standby all day; the others have one that stands. */
const ON_DEMAND = { "multicloud-dr:vpn": "on-demand" };

export const database: Scenario = {
  name: "database",
  title: "RDS fails; the primary's own servers work with the standby's database, through the VPN",
  overrides: {
    dr: {
      // One login for both sites: the servers know no other.
      "multicloud-dr:databasePassword": (deployment) => deployment.databasePassword(),
      ...ON_DEMAND,
    },
    link: ON_DEMAND,
    traffic: { "multicloud-dr:databaseHostName": HOST_NAME },
  },
  steps: (play, story) => {
    const tunnels = new Tunnels(play);
    return [
      {
        title: "Have the primary's servers find the database by its own name",
        run: async (report) => {
          await play.deployment.set("prod", "multicloud-dr:databaseHostName", HOST_NAME);
          await play.deployment.up("prod", report);
          await play.untilWell("primary", report);
          return HOST_NAME;
        },
      },
      tunnels.preparing(),
      ...beginningAtNight(play, story),
      {
        title: "RDS fails",
        run: async () => {
          await play.clouds.aws.outage.killDatabase();
          play.moments.killedAt = play.timeline.tell("aws", "RDS fails");
          await play.pass(CALLED);
          return undefined;
        },
      },
      declaring(play, "database", "RDS fails"),
      tunnels.raising(),
      servedBy(play, "primary"),
      // Its host is the primary's, its rows are in the standby's database.
      comparing(play, { rows: "primary", recoveredAt: "primary" }, async (measured, at) => {
        expectRecovery(play, measured, tunnels.by("the primary's servers with the standby's database"));
        expectNothingLost(play, measured, at);
        await tunnels.expectUsed();
      }),
      {
        title: "RDS comes back",
        run: async () => {
          await play.clouds.aws.outage.reviveDatabase();
          play.timeline.tell("aws", "RDS is back");
          return undefined;
        },
      },
      ...failingBack(play),
      comparing(play, { rows: "primary", objects: "standby", recoveredAt: "primary" }, (measured, at) => {
        expectNothingLost(play, measured, at);
        const { open } = measured.requests.orders;
        play.expect("every order is confirmed in the end", open === 0, `${open} are not`);
        expectNobodyAt(play, "standby");
      }),
    ];
  },
};
