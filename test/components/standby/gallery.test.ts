import { expect } from "chai";
import { Gallery } from "../../../components/standby/gallery.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { SUBSCRIPTION } from "../../support/mock-outputs.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";

function deployGallery(workload = "web-shop") {
  return deploy(() => new Gallery("shop-images", { resourceGroupName: "shop-standby", workload, tags: TAGS }));
}

describe("Gallery", () => {
  let resources: Registrations;
  let gallery: Gallery;

  before(async () => {
    ({ resources, result: gallery } = await deployGallery());
  });

  it("keeps the rules of the house, and protects what the standby boots from", () => {
    expectHouseRules(resources, "shop-images", "multicloud-dr:standby:Gallery");
    expectProtected(resources, ["shop-images-gallery", "shop-images-image"]);
  });

  it("is a gallery and one image definition in it, in the standby's group", () => {
    expect(resources.names).to.deep.equal(["shop-images-gallery", "shop-images-image"]);
    for (const { inputs } of resources.customs) expect(inputs.resourceGroupName).to.equal("shop-standby");
    expect(resources.named("shop-images-image").inputs.galleryName).to.equal("web_shop");
  });

  it("has a name without hyphens, which Azure takes in those of images only", () => {
    expect(resources.named("shop-images-gallery").inputs.galleryName).to.match(/^[a-z0-9_]+$/);
    expect(resources.named("shop-images-image").inputs.galleryImageName).to.equal("web-shop-server");
  });

  it("takes what AWS exports: whole Linux servers that boot by BIOS", () => {
    expect(resources.named("shop-images-image").inputs).to.deep.include({
      osType: "Linux",
      osState: "Specialized",
      hyperVGeneration: "V1",
      architecture: "x64",
      identifier: { publisher: "multicloud-dr", offer: "web-shop", sku: "server" },
    });
  });

  it("tells where versions go", async () => {
    expect(await settled(gallery.imageDefinitionId)).to.equal(
      `${SUBSCRIPTION}/resourceGroups/shop-standby/providers/Microsoft.Compute/galleries/web_shop/images/web-shop-server`,
    );
  });
});
