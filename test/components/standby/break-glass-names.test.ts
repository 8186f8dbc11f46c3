import { expect } from "chai";
import fc from "fast-check";
import { nameInZone, proofOf } from "../../../components/standby/break-glass-names.ts";

const ZONE = "shop.example.com";

describe("a name in the break-glass zone", () => {
  it("is called by what stands before the zone", () => {
    expect(nameInZone("app.shop.example.com", ZONE)).to.equal("app");
    expect(nameInZone("www.eu.shop.example.com", ZONE)).to.equal("www.eu");
  });

  it("has its proof below it, in the same zone", () => {
    expect(nameInZone(proofOf("app.shop.example.com"), ZONE)).to.equal("_dnsauth.app");
  });

  it("is refused outside of the zone, and as the zone itself, in words", () => {
    for (const name of ["app.example.com", "shop.example.com", "webshop.example.com", ".shop.example.com", ""]) {
      expect(() => nameInZone(name, ZONE), name).to.throw(
        `expected a name inside the zone ${ZONE}, found ${name}: take one that ends with .${ZONE}`,
      );
    }
  });

  it("gives the full name again with the zone behind it", () => {
    const label = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    const labels = fc.array(label, { minLength: 1, maxLength: 3 }).map((each) => each.join("."));
    fc.assert(
      fc.property(labels, labels, (inside, zone) => {
        expect(nameInZone(`${inside}.${zone}`, zone)).to.equal(inside);
      }),
    );
  });
});
