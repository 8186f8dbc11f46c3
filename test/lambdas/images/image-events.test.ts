import { expect } from "chai";
import { readImageEvent } from "../../../lambdas/images/image-events.ts";

const image = { id: "ami-1", created: "2026-11-30T10:00:00.000Z" };

describe("an event of the machine that carries images", () => {
  it("is read with its action and what that needs", () => {
    const event = { action: "carry", image, key: "exports/export-ami-1.vhd" };
    expect(readImageEvent(event)).to.deep.equal(event);
    expect(readImageEvent({ action: "clear", server: "shop-boot-1", version: null, failed: true })).to.include({
      version: null,
    });
  });

  it("takes of images what matters, and leaves the rest", () => {
    const images = [{ ImageId: "ami-1", CreationDate: image.created, Hypervisor: "xen", Tags: [] }];
    const read = readImageEvent({ action: "choose", images });
    expect(read).to.have.nested.property("images[0].Architecture", "x86_64");
    expect(read).not.to.have.nested.property("images[0].Hypervisor");
  });

  for (const wrong of [
    {},
    { action: "fly" },
    { action: "carry", image },
    { action: "version-state", version: "1.2" },
  ]) {
    it(`is refused as ${JSON.stringify(wrong)}, and not tried again`, () => {
      expect(() => readImageEvent(wrong)).to.throw(TypeError, /expected an event/);
    });
  }
});
