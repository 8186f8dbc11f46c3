import { expect } from "chai";
import { convergeWeights, holdByWeights, untilNamesBack, untilNamesMoved } from "../../../operations/steps/names.ts";
import { Endpoint } from "../../rehearsal/dns/endpoint.ts";
import { awsAt, withEnvironment } from "../../support/environment.ts";
import { FakeOperation, watching } from "../../support/fake-operation.ts";
import { useNameServer } from "../../support/name-server.ts";
import { rejection } from "../../support/rejection.ts";

const APP = "app.example.com";
const CONTENT = "content.example.com";
const STANDBY = { app: "shop-app.azurefd.net", content: "shop-content.azurefd.net" };
const PRIMARY = { app: "shop-1.elb.amazonaws.com", content: "d1.cloudfront.net" };

describe("the names", () => {
  const server = useNameServer();
  const operation = new FakeOperation({ disaster: "site" });
  const lead = (app: string, content: string) => {
    server.aliases.set(APP, app);
    server.aliases.set(CONTENT, content);
  };

  it("have moved once both public ones lead to the standby, where the site is lost", async () => {
    lead(PRIMARY.app, STANDBY.content);
    const { watch, said } = watching(() => server.aliases.set(APP, STANDBY.app));
    expect(await untilNamesMoved("site").act(operation.real, watch)).to.equal(`${APP}, ${CONTENT}`);
    expect(said).to.deep.equal([`${APP} leads to ${PRIMARY.app}`]);
  });

  it("have moved once the content's does, where only that is lost: the app stays", async () => {
    lead(PRIMARY.app, STANDBY.content);
    expect(await untilNamesMoved("content").act(operation.real, watching().watch)).to.equal(CONTENT);
  });

  it("are nobody's to look at, where only the database is lost", async () => {
    expect(await untilNamesMoved("database").act(operation.real, watching().watch)).to.equal(
      "only servers ask for the database's name",
    );
  });

  it("have moved, too, where the app's leads past the edge", async () => {
    lead("shop-1.westeurope.cloudapp.azure.com", STANDBY.content);
    const { watch, said } = watching();
    await untilNamesMoved("site").act(operation.real, watch);
    expect(said).to.deep.equal([]);
  });

  it("are back once both lead to the primary", async () => {
    lead(PRIMARY.app, STANDBY.content);
    const { watch, said } = watching(() => server.aliases.set(CONTENT, PRIMARY.content));
    expect(await untilNamesBack(operation.real, watch)).to.equal("all names lead to the primary");
    expect(said).to.deep.equal([`${CONTENT} leads to ${STANDBY.content}`]);
  });
});

describe("the weights of the names", () => {
  const operation = new FakeOperation({ disaster: "site" });
  const moved = new FakeOperation({ disaster: "site", course: { handBack: "move", growDatabase: false } });
  const look = (step: typeof convergeWeights, at = operation) =>
    Promise.resolve(step().before?.(at.real, watching().watch));

  it("are not touched while Route 53 does not answer, which a declaration can wait for, and a failback cannot", async () => {
    const restore = withEnvironment(awsAt("http://127.0.0.1:1"));
    try {
      for (const step of [convergeWeights, holdByWeights]) {
        expect((await rejection(look(step))).message).to.match(
          /^expected Route 53's control plane to answer, found that it does not \(.+\)$/,
        );
      }
    } finally {
      restore();
    }
    expect([convergeWeights().canWait, holdByWeights().canWait]).to.deep.equal([true, undefined]);
    expect(operation.done).to.deep.equal([]);
  });

  it("are brought in line once it does", async () => {
    await using endpoint = await new Endpoint().open();
    endpoint.body = "<ListHostedZonesResponse><HostedZones/></ListHostedZonesResponse>";
    const restore = withEnvironment(awsAt(`http://127.0.0.1:${endpoint.port}`));
    try {
      for (const step of [convergeWeights, holdByWeights]) expect(await look(step)).to.equal("due");
    } finally {
      restore();
    }
    expect(endpoint.asked).to.have.length(2);
    for (const step of [convergeWeights, holdByWeights]) {
      expect(await step().act(operation.real, watching().watch)).to.equal("2 create");
    }
    expect(operation.done).to.deep.equal(["up traffic", "up traffic"]);
  });

  it("hold nobody any more once the markers are gone, whoever goes on with a failback", async () => {
    expect(await look(holdByWeights, moved)).to.equal("done");
  });
});
