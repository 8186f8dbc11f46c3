import { expect } from "chai";
import { moveBack, namesBack, standDown } from "../../../operations/steps/undeclaration.ts";
import { useAnsweringPrimary } from "../../support/answering-primary.ts";
import { FakeOperation, seenState, watching } from "../../support/fake-operation.ts";
import { useNameServer } from "../../support/name-server.ts";
import { usePublishedFiles } from "../../support/published-files.ts";

describe("taking the markers away", () => {
  const website = usePublishedFiles();

  it("keeps the declaration, and so what stands at the standby", async () => {
    const operation = new FakeOperation({ disaster: "site" });
    expect(await moveBack().act(operation.real, watching().watch)).to.equal("2 create");
    expect(operation.done).to.deep.equal(["set dr handBack=move", "up dr"]);
  });

  it("is done once the world sees none of them, of whatever name", async () => {
    const operation = new FakeOperation({ disaster: "content", values: { markerEndpoint: website.endpoint } });
    website.files.set("declared/content.json", '{"declared":true}');
    website.files.set("declared/site.json", '{"declared":true}');
    const asked: string[] = [];
    website.onAsked = (path) => {
      asked.push(path);
      if (asked.length > 1) website.files.delete(path);
    };
    await moveBack().after?.(operation.real, watching().watch);
    expect(asked).to.deep.equal(["declared/database.json", "declared/content.json", "declared/site.json"]);
  });
});

describe("leading the names back", () => {
  useAnsweringPrimary();
  const server = useNameServer();

  beforeEach(() => {
    server.aliases.set("app.example.com", "shop-1.elb.amazonaws.com");
    server.aliases.set("content.example.com", "d1.cloudfront.net");
  });

  it("gives the primary all of the weight at once", async () => {
    const operation = new FakeOperation({ disaster: "site" });
    expect(await namesBack({ settle: 0 }).act(operation.real, watching().watch)).to.equal(
      "all names lead to the primary",
    );
    expect(operation.done).to.deep.equal(["set traffic standbyShare=", "up traffic"]);
  });

  it("does so bit by bit where that is asked for, and at last as if it had not been", async () => {
    const operation = new FakeOperation({ disaster: "site" });
    await namesBack({ shares: [50], dwell: 0, settle: 0 }).act(operation.real, watching().watch);
    expect(operation.done).to.deep.equal([
      ...["set traffic standbyShare=50", "up traffic", "set traffic standbyShare=", "up traffic"],
    ]);
  });

  it("has as much time as its stages take", () => {
    expect(namesBack().limit).to.equal(1800 + 60);
    expect(namesBack({ shares: [90, 50], dwell: 86_400 }).limit).to.equal(1800 + 60 + 2 * (86_400 + 600));
  });
});

describe("letting the standby go back", () => {
  it("declares nothing any more, and waits until the controller has done its part", async () => {
    const operation = new FakeOperation({ disaster: "site" });
    operation.onUp = () => Object.assign(operation.dr.values, new FakeOperation().dr.values);
    const planned = (target: "promoted" | "stopped") => ({
      planned: { database: { target, follows: "dumps" as const } },
    });
    operation.states = [seenState(planned("promoted")), seenState({ ...planned("stopped"), detail: "it is stopped" })];
    expect(await standDown().act(operation.real, watching().watch)).to.equal("2 create; it is stopped");
    expect(operation.done).to.deep.equal(["set dr declareDisaster=none declareWhy= declareBy= handBack=no", "up dr"]);
  });
});
