import { expect } from "chai";
import { awsSize, azureSize, suffices } from "../../../policy/kit/sizes.ts";

describe("sizes of both clouds", () => {
  it("are read from their names, as the clouds' own lists have them", () => {
    expect(awsSize("m7i.large")).to.deep.equal({ vcpus: 2, memoryGib: 8 });
    expect(awsSize("c7g.4xlarge")).to.deep.equal({ vcpus: 16, memoryGib: 32 });
    expect(awsSize("db.r6g.2xlarge")).to.deep.equal({ vcpus: 8, memoryGib: 64 });
    expect(awsSize("db.t4g.medium")).to.deep.equal({ vcpus: 2, memoryGib: 4 });
    expect(awsSize("m7i-flex.xlarge")).to.deep.equal({ vcpus: 4, memoryGib: 16 });
    expect(azureSize("Standard_D4ads_v5")).to.deep.equal({ vcpus: 4, memoryGib: 16 });
    expect(azureSize("Standard_D2ls_v5")).to.deep.equal({ vcpus: 2, memoryGib: 4 });
    expect(azureSize("Standard_E16ds_v5")).to.deep.equal({ vcpus: 16, memoryGib: 128 });
  });

  it("are not guessed", () => {
    for (const type of ["x2gd.large", "m7i.metal", "", "large"]) expect(awsSize(type), type).to.equal(undefined);
    for (const name of ["Standard_M8ms", "Standard_B2s", ""]) expect(azureSize(name), name).to.equal(undefined);
  });

  it("suffice only with both processors and memory", () => {
    const load = { vcpus: 4, memoryGib: 16 };
    expect(suffices(load, load)).to.equal(true);
    expect(suffices({ vcpus: 8, memoryGib: 8 }, load)).to.equal(false);
    expect(suffices({ vcpus: 2, memoryGib: 32 }, load)).to.equal(false);
  });
});
