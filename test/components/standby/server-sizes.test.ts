import { expect } from "chai";
import fc from "fast-check";
import { serverSizes } from "../../../components/standby/server-sizes.ts";

const OTHERS = "Standard_D2as_v5 Standard_D2ds_v5";

describe("the sizes of the standby's servers", () => {
  it("are the one that is set, and the others in their order", () => {
    expect(serverSizes("Standard_D2s_v5", OTHERS)).to.deep.equal(["Standard_D2s_v5", ...OTHERS.split(" ")]);
  });

  it("are that one alone where there are no others", () => {
    expect(serverSizes("Standard_D2s_v5", "")).to.deep.equal(["Standard_D2s_v5"]);
  });

  it("are only those that come after it, where it is one of the others itself", () => {
    expect(serverSizes("Standard_D2as_v5", OTHERS)).to.deep.equal(OTHERS.split(" "));
    expect(serverSizes("Standard_D2ds_v5", OTHERS)).to.deep.equal(["Standard_D2ds_v5"]);
  });

  it("are each set once, and come to an end, however they are listed", () => {
    const anySize = fc.stringMatching(/^Standard_[A-C]\d$/);
    fc.assert(
      fc.property(anySize, fc.array(anySize, { maxLength: 12 }), (first, others) => {
        const set: string[] = [];
        for (let size: string | undefined = first; size !== undefined; size = serverSizes(size, others.join(" "))[1]) {
          expect(set, "set before").to.not.include(size);
          set.push(size);
        }
        expect(set).to.deep.equal(serverSizes(first, others.join(" ")));
      }),
    );
  });
});
