import { expect } from "chai";
import { SWITCHES } from "../../../components/standby/disaster.ts";
import { bringUp, isReady, setDeclaration, untilMarkers } from "../../../operations/steps/declaration.ts";
import { FakeOperation, watching } from "../../support/fake-operation.ts";
import { usePublishedFiles } from "../../support/published-files.ts";
import { rejection } from "../../support/rejection.ts";

const NO_ROOM = new Error("up of stack dr failed.\nSkuNotAvailable: the size Standard_D2s_v5 is not available");

describe("writing a declaration", () => {
  it("says what is lost, why and by whom, and that it is no drill and nothing is handed back", async () => {
    const operation = new FakeOperation();
    await setDeclaration("site").act(operation.real, watching().watch);
    expect(operation.done).to.deep.equal([
      "set dr declareDisaster=site declareWhy=RDS is down declareBy=ann@desk drill=false handBack=no",
    ]);
  });

  it("leaves the reason as it is where the same is declared once more without one, and no other", async () => {
    for (const [declared, kept] of [
      ["site", true],
      ["content", false],
      ["none", false],
    ] as const) {
      const operation = new FakeOperation({ disaster: declared });
      operation.why = "";
      await setDeclaration("site").act(operation.real, watching().watch);
      const word = kept ? "" : "declareWhy= declareBy=ann@desk ";
      expect(operation.done).to.deep.equal([`set dr declareDisaster=site ${word}drill=false handBack=no`]);
    }
  });
});

describe("bringing the standby up", () => {
  const website = usePublishedFiles();
  const serverSizes = ["Standard_D2s_v5", "Standard_D2as_v5", "Standard_D2ds_v5"];
  const operationWith = (values: Record<string, unknown>) =>
    new FakeOperation({ disaster: "site", values: { markerEndpoint: website.endpoint, ...values } });

  it("is one up, where Azure has enough of all", async () => {
    const operation = operationWith({ serverSizes });
    expect(await bringUp("site").act(operation.real, watching().watch)).to.equal("2 create");
    expect(operation.done).to.deep.equal(["up dr"]);
  });

  it("tries the sizes in their order until Azure has room for one, and says which it is", async () => {
    const operation = operationWith({ serverSizes });
    operation.failures = [NO_ROOM, NO_ROOM];
    const { watch, said } = watching();
    expect(await bringUp("site").act(operation.real, watch)).to.equal(
      "2 create; servers are Standard_D2ds_v5, for Azure has no room for Standard_D2s_v5",
    );
    expect(operation.done).to.deep.equal([
      "up dr",
      "set dr standbyServerSize=Standard_D2as_v5",
      "up dr",
      "set dr standbyServerSize=Standard_D2ds_v5",
      "up dr",
    ]);
    expect(said).to.deep.equal([
      "no room for servers of size Standard_D2s_v5: Standard_D2as_v5 is tried next",
      "no room for servers of size Standard_D2as_v5: Standard_D2ds_v5 is tried next",
    ]);
  });

  it("fails with Azure's own words when there is room for none", async () => {
    const operation = operationWith({ serverSizes });
    operation.failures = [NO_ROOM, NO_ROOM, NO_ROOM];
    expect(await rejection(bringUp("site").act(operation.real, watching().watch))).to.equal(NO_ROOM);
    expect(operation.done.filter((each) => each === "up dr")).to.have.length(3);
  });

  it("tries no other size where something else is amiss, or no other is known", async () => {
    const denied = new Error("AuthorizationFailed");
    for (const [failure, values] of [
      [denied, { serverSizes }],
      [NO_ROOM, {}],
      [NO_ROOM, { serverSizes: ["Standard_D2s_v5"] }],
    ] as const) {
      const operation = operationWith(values);
      operation.failures = [failure];
      expect(await rejection(bringUp("site").act(operation.real, watching().watch))).to.equal(failure);
      expect(operation.done).to.deep.equal(["up dr"]);
    }
  });

  it("is done once the world sees the marker of each name that is moved", async () => {
    const operation = operationWith({ serverSizes });
    for (const name of ["database", "content"]) website.files.set(`declared/${name}.json`, '{"declared":true}');
    const { watch, said } = watching((line) => {
      if (line.includes("site.json")) website.files.set("declared/site.json", '{"declared":true}');
    });
    await bringUp("site").after?.(operation.real, watch);
    expect(said).to.deep.equal(SWITCHES.map((name) => `${website.endpoint}declared/${name}.json is to say so`));
  });

  it("looks for no other name's marker", async () => {
    website.files.set("declared/content.json", '{"declared":true}');
    const { watch, said } = watching();
    await bringUp("content").after?.(operationWith({}).real, watch);
    expect(said).to.have.length(1);
  });

  it("is taken back once the markers are gone", async () => {
    const { watch, said } = watching();
    await untilMarkers(operationWith({}).real, ["site"], false, watch);
    expect(said).to.deep.equal([`${website.endpoint}declared/site.json is to be gone`]);
  });

  it("is not the same as to be ready, which is said of each name", async () => {
    website.files.set("declared/site.json", '{"declared":true}');
    website.files.set("ready/content.json", '{"ready":true,"disaster":"site"}');
    const operation = operationWith({});
    const { signal } = new AbortController();
    const ready = await Promise.all(SWITCHES.map((name) => isReady(operation.real, name, signal)));
    expect(ready).to.deep.equal([false, true, false]);
  });
});
