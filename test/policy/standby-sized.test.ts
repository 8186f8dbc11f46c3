import { expect } from "chai";
import { standbySized } from "../../policy/standby-sized.ts";
import { judged, LATER, type Written } from "../support/judged.ts";
import { writtenStack } from "../support/written-stacks.ts";

/** What the policy says of dr with other properties of one resource. */
async function changed(name: string, props: Record<string, unknown>, config: object = {}) {
  const written = await writtenStack("dr");
  if (!written.some((each) => each.name === name)) throw new Error(`expected a resource ${name} in dr, found none`);
  const resources = written.map((each): Written => {
    return each.name === name ? { ...each, props: { ...each.props, ...props } } : each;
  });
  return judged(standbySized, resources, config);
}

describe("policy standby-sized", () => {
  it("takes dr as it comes, beside prod as it comes", async () => {
    expect(judged(standbySized, await writtenStack("dr"))).to.deep.equal({ wrong: [], advice: [] });
  });

  it("stops a standby that goes to fewer servers than the primary", async () => {
    const { wrong } = await changed("shop-web-autoscale", { profiles: [{ capacity: { maximum: "4" } }] });
    expect(wrong.join()).to.include("goes to 4 servers, and the primary to 12; write serversMax: 12 in dr");
  });

  it("stops servers that are smaller than the primary's", async () => {
    const { wrong } = await changed("shop-web-servers", { sku: { name: "Standard_F2s_v2" } });
    expect(wrong.join()).to.include(
      "Standard_F2s_v2 with 2 vCPUs and 4 GiB, and the primary's m7i.large has 2 vCPUs and 8",
    );
  });

  it("stops a database that is smaller than the primary's, and leaves one that only follows", async () => {
    const sized = async (name: string) => (await changed("shop-database-server", { sku: { name } })).wrong;
    expect((await sized("Standard_D2s_v3")).join()).to.include("write a larger standbyDatabaseSize");
    expect(await sized("Standard_D2ads_v5"), "the reduced size, which becomes the full one").to.be.empty;
  });

  it("stops a database with less storage", async () => {
    const { wrong } = await changed("shop-database-server", { storage: { storageSizeGB: 100 } });
    expect(wrong.join()).to.include("has 100 GiB, and the primary 200");
  });

  it("says what it cannot know: a size that it has not heard of, a primary without a file, a value of later", async () => {
    const size = await changed("shop-web-servers", { sku: { name: "Standard_M8ms" } });
    expect(size.wrong).to.be.empty;
    expect(size.advice.join()).to.include("whether Standard_M8ms carries what m7i.large does");
    const { advice } = judged(standbySized, await writtenStack("dr"), { folder: "docs" });
    expect(advice.join()).to.include("what the primary of shop is, for Pulumi.prod.yaml does not say");
    expect((await changed("shop-web-autoscale", { profiles: LATER })).advice.join()).to.include("capacity.maximum");
  });

  it("says nothing of other stacks", async () => {
    expect(judged(standbySized, await writtenStack("prod"))).to.deep.equal({ wrong: [], advice: [] });
  });
});
