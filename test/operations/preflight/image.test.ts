import { expect } from "chai";
import { lookAtImage } from "../../../operations/preflight/image.ts";

const { signal } = new AbortController();
const IMAGE = "/subscriptions/0000/resourceGroups/images/providers/Microsoft.Compute/galleries/shop/images/server";
const SET = "have the image of the servers built, and set multicloud-dr:standbyImage in Pulumi.dr.yaml to it";

/** A version of the image, as Azure tells it. */
const version = (name: string, provisioningState?: string) => ({
  id: `${IMAGE}/versions/${name}`,
  properties: { ...(provisioningState && { provisioningState }) },
});

/** Azure, which has these versions of the image, and what it was asked. */
function azureWith(...versions: ReturnType<typeof version>[]) {
  const asked: string[] = [];
  const manager = {
    get: async (id: string) => {
      asked.push(id);
      return versions.find((each) => each.id === id);
    },
    list: async (path: string) => {
      asked.push(path);
      return versions.length === 0 ? undefined : versions;
    },
  };
  return { asked, look: (image: string) => lookAtImage(manager as never, image, IMAGE, signal) };
}

describe("the image of the standby's servers", () => {
  it("is well where its gallery has a version of it that is complete: the last of them", async () => {
    const { look, asked } = azureWith(version("1.0.0"), version("1.1.0", "Succeeded"), version("1.2.0", "Creating"));
    expect(await look(IMAGE)).to.deep.equal({ status: "ok", found: `version 1.1.0 of ${IMAGE}` });
    expect(asked).to.deep.equal([`${IMAGE}/versions`]);
  });

  it("is wrong where there is no such image, or no version that is complete", async () => {
    const missing = { status: "fail", found: `${IMAGE} has no version that can be used`, mend: SET };
    expect(await azureWith().look(IMAGE)).to.deep.equal(missing);
    expect(await azureWith(version("1.0.0", "Failed")).look(IMAGE)).to.deep.equal(missing);
  });

  it("is looked for at the one version that is set", async () => {
    const { look, asked } = azureWith(version("1.0.0"), version("1.1.0", "Failed"));
    expect(await look(`${IMAGE}/versions/1.0.0`)).to.deep.equal({ status: "ok", found: `version 1.0.0 of ${IMAGE}` });
    expect((await look(`${IMAGE}/versions/1.1.0`)).status).to.equal("fail");
    expect((await look(`${IMAGE}/versions/2.0.0`)).status).to.equal("fail");
    expect(asked[0]).to.equal(`${IMAGE}/versions/1.0.0`);
  });

  it("that is replicated is well where one of its versions was promoted, and not only made", async () => {
    const left = {
      id: `${IMAGE}/versions/2026.1130.2`,
      properties: { publishingProfile: { excludeFromLatest: true } },
    };
    const { look } = azureWith(version("2026.1129.1", "Succeeded"), left as never);
    expect(await look("replicated")).to.deep.equal({ status: "ok", found: `version 2026.1129.1 of ${IMAGE}` });
    expect(await azureWith(left as never).look("replicated")).to.include({
      status: "fail",
      mend: "wait for an image of the primary's to follow: see the alarms of link, and docs/images.md",
    });
  });

  it("of the marketplace is taken as it is, but for the default, on which there is no app", async () => {
    const { look, asked } = azureWith();
    expect(await look("acme:shop:server:1.2.3")).to.deep.equal({
      status: "ok",
      found: "acme:shop:server:1.2.3, of the marketplace",
    });
    expect(await look("Canonical:ubuntu-24_04-lts:server:latest")).to.include({ status: "warn", mend: SET });
    expect(asked).to.deep.equal([]);
  });
});
