import { expect } from "chai";
import fc from "fast-check";
import { imageReference } from "../../../components/standby/image-reference.ts";
import { SUBSCRIPTION } from "../../support/mock-outputs.ts";

const IMAGE_ID = `${SUBSCRIPTION}/resourceGroups/shop/providers/Microsoft.Compute/galleries/shop/images/shop-server`;

describe("the name of a server image", () => {
  it("may be that of a version of an image in a gallery, or of the image, whose newest version it then is", () => {
    for (const id of [`${IMAGE_ID}/versions/1.0.7`, IMAGE_ID]) {
      expect(imageReference(id)).to.deep.equal({ reference: { id }, specialized: true, trustedLaunch: false });
    }
  });

  it("may be that of an image of the marketplace", () => {
    expect(imageReference("Canonical:ubuntu-24_04-lts:server:latest")).to.deep.equal({
      reference: { publisher: "Canonical", offer: "ubuntu-24_04-lts", sku: "server", version: "latest" },
      specialized: false,
      trustedLaunch: true,
    });
  });

  it("has no Trusted Launch where the marketplace says that it is of the first generation", () => {
    expect(imageReference("Canonical:ubuntu-24_04-lts:server-gen1:latest").trustedLaunch).to.be.false;
    expect(imageReference("RedHat:RHEL:95_gen2:latest").trustedLaunch).to.be.true;
  });

  it("is nothing else, and the refusal says what it could be", () => {
    for (const text of ["", "ubuntu", "Canonical:ubuntu:server", "a:b:c:d:e", "a::c:d", "/subscriptions/1/images/x"]) {
      expect(() => imageReference(text)).to.throw(
        `expected a server image, the id of a Compute Gallery image (version) or publisher:offer:sku:version, found "${text}": set multicloud-dr:standbyImage`,
      );
    }
  });

  it("comes back whole from every name of the marketplace", () => {
    const word = fc.stringMatching(/^[A-Za-z0-9_.-]+$/);
    fc.assert(
      fc.property(fc.tuple(word, word, word, word), (words) => {
        expect(Object.values(imageReference(words.join(":")).reference)).to.deep.equal(words);
      }),
    );
  });
});
