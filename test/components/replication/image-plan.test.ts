import { expect } from "chai";
import type { AslState } from "../../../components/replication/asl.ts";
import { imagePlan } from "../../../components/replication/image-plan.ts";
import { leadsTo, type Rule, reachable } from "./asl-graph.ts";

const FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:shop-images";
const CLEAR = "Clear up";

/** A state that calls something, as far as the tests look at it. */
interface Call extends AslState {
  Resource: string;
  Arguments: Record<string, unknown>;
  Retry: Rule[];
  Catch?: (Rule & { Next: string; Assign?: Record<string, string> })[];
}

describe("the plan of an image's way", () => {
  const machine = imagePlan({
    workload: "shop",
    bucketName: "shop-exports",
    exportRoleName: "shop-exporter",
    functionArn: FUNCTION,
  });
  const { States } = machine;
  const stateOf = (name: string) => States[name] as Call;
  const names = Object.keys(States);
  const tasks = names.filter((name) => stateOf(name).Type === "Task");
  const comesBefore = (name: string) => names.filter((each) => leadsTo(stateOf(each)).includes(name));
  const actions = tasks
    .map((name) => stateOf(name).Arguments.Payload as { action: string } | undefined)
    .flatMap((payload) => (payload ? [payload.action] : []));

  it("looks for the workload's own images, and no others", () => {
    expect(stateOf("Look at the images").Arguments).to.deep.equal({
      Owners: ["self"],
      Filters: [{ Name: "tag:Workload", Values: ["shop"] }],
    });
  });

  it("has each image exported once, as a VHD, into the bucket, by the role", () => {
    expect(stateOf("Export it").Arguments).to.deep.equal({
      ClientToken: "{% $server %}",
      DiskImageFormat: "VHD",
      ImageId: "{% $image.id %}",
      RoleName: "shop-exporter",
      S3ExportLocation: { S3Bucket: "shop-exports", S3Prefix: "exports/" },
    });
  });

  it("promotes only what was seen booting, and boots only what is a version", () => {
    expect(actions).to.deep.equal([
      ...["choose", "carry", "version", "version-state", "boot", "booted", "promote", "clear"],
    ]);
    expect(comesBefore("Promote it")).to.deep.equal(["Is it up"]);
    expect(comesBefore("Start a server")).to.deep.equal(["Is the version there"]);
  });

  it("clears up on every way that leads out after the export has begun", () => {
    const begun = tasks.filter((name) => tasks.indexOf(name) >= tasks.indexOf("Export it") && name !== CLEAR);
    for (const name of begun) {
      expect(
        stateOf(name).Catch?.map(({ Next }) => Next),
        name,
      ).to.deep.equal([CLEAR]);
    }
    expect(comesBefore("Failed")).to.deep.equal(["Is all gone"]);
    expect(comesBefore("Is all gone")).to.deep.equal([CLEAR]);
  });

  it("has no state that nothing leads to", () => {
    expect(reachable(machine)).to.have.members(names);
  });

  it("keeps the first reason, whatever fails after it", () => {
    const caught = tasks.flatMap((name) => stateOf(name).Catch ?? []);
    expect(caught).to.have.length.greaterThan(8);
    for (const { Assign } of caught) {
      expect(Assign).to.deep.equal({ failure: "{% $failure ? $failure : $states.errorOutput %}" });
    }
  });

  it("tries again what may go well then, and never what is wrong with the image or the code", () => {
    for (const name of tasks) {
      const [first, last] = [stateOf(name).Retry.at(0), stateOf(name).Retry.at(-1)];
      expect(last?.ErrorEquals, name).to.deep.equal(["States.ALL"]);
      if (stateOf(name).Resource.endsWith("lambda:invoke")) {
        expect(first, name).to.deep.include({ MaxAttempts: 0 });
        expect(first?.ErrorEquals).to.include.members(["BadDiskError", "UnfitImageError", "TypeError"]);
      }
    }
  });
});
