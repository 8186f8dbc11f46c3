import { hostname, userInfo } from "node:os";
import { expect } from "chai";
import { Operation, renderChanges } from "../../operations/operation.ts";
import { useFakeEngine } from "../support/fake-engine.ts";
import { rejection } from "../support/rejection.ts";
import { drOutputs } from "./sites-outputs.ts";

describe("what an up did", () => {
  it("is told by the fates of resources, and not with those that stayed the same", () => {
    expect(renderChanges({ same: 40, create: 2, update: 1 })).to.equal("2 create, 1 update");
    expect(renderChanges({ same: 40 })).to.equal("nothing to change");
    expect(renderChanges({})).to.equal("nothing to change");
  });
});

describe("an operation", () => {
  const engine = useFakeEngine();
  const { values } = drOutputs({ disaster: "content" });
  const deployed = { ...values, controlEndpoint: "https://shop.blob.core.windows.net/control" };

  it("begins with what the standby's stack says, and nothing of AWS", async () => {
    engine.tells({ ...deployed, workload: "shop" });
    const { workload, by, why, plan, container } = await Operation.open({ folder: engine.folder });
    const me = `${userInfo().username}@${hostname()}`;
    expect({ workload, by, why }).to.deep.equal({ workload: "shop", by: me, why: "" });
    expect(plan.markers).to.deep.equal(["content"]);
    expect(container.url).to.equal("https://shop.blob.core.windows.net/control");
  });

  it("is of the workload that is named, where there are several", async () => {
    engine.tells({ shop: deployed, blog: deployed });
    const opened = await Operation.open({ folder: engine.folder, workload: "blog", by: "ann", why: "RDS is down" });
    const { workload, by, why } = opened;
    expect({ workload, by, why }).to.deep.equal({ workload: "blog", by: "ann", why: "RDS is down" });
    expect((await opened.read("prod")).workload, "of any other stack, too").to.equal("blog");
  });

  it("takes no stack of another workload for its own", async () => {
    engine.tells({ ...deployed, workload: "shop" });
    const opened = await Operation.open({ folder: engine.folder });
    engine.tells({ workload: "blog" });
    expect((await rejection(opened.read("prod"))).message).to.equal(
      "expected one workload in both stacks, found shop in dr and blog in prod; name it with --workload",
    );
  });

  it("does not begin with a stack that is older than what it needs", async () => {
    engine.tells({ workload: "shop" });
    expect((await rejection(Operation.open({ folder: engine.folder }))).message).to.equal(
      "stack dr has no output controlEndpoint of workload shop: deploy it as it is now, with `pulumi up --stack dr`",
    );
  });
});
