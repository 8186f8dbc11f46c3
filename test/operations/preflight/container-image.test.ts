import { expect } from "chai";
import { lookAtContainerImage } from "../../../operations/preflight/container-image.ts";

const DIGEST = `sha256:${"0".repeat(64)}`;

describe("the image of the standby's containers", () => {
  const asked: string[] = [];
  const registry = {
    digestOf: async (repository: string, reference: string) => {
      asked.push(`${repository} ${reference}`);
      return repository === "shop/web" ? DIGEST : undefined;
    },
  };

  it("is there, by its tag or its digest", async () => {
    const verdict = await lookAtContainerImage(registry, "shop/web:1.4");
    expect(verdict).to.deep.equal({ status: "ok", found: `shop/web:1.4 is ${DIGEST} at the standby` });
    expect(await lookAtContainerImage(registry, `shop/web@${DIGEST}`)).to.include({ status: "ok" });
    expect(asked).to.deep.equal(["shop/web 1.4", `shop/web ${DIGEST}`]);
  });

  it("is not there, and a declaration would have nothing to serve with", async () => {
    const { status, found, mend } = await lookAtContainerImage(registry, "shop/jobs:latest");
    expect([status, found]).to.deep.equal(["fail", "shop/jobs:latest is not in the standby's registry"]);
    expect(mend).to.include("wait for it to follow");
  });
});
