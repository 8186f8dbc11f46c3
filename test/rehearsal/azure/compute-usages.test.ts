import { expect } from "chai";
import { usagesOf } from "../../../rehearsal/azure/compute-usages.ts";
import { ResourceManager } from "../../../rehearsal/azure/resource-manager.ts";

interface Usage {
  unit: string;
  currentValue: number;
  limit: number;
  name: { value: string; localizedValue: string };
}

describe("what is used of a subscription's processors", () => {
  let resources: ResourceManager;
  beforeEach(() => {
    resources = new ResourceManager("00000000-1111-4222-8333-444455556666", "tenant");
  });

  function addServers(name: string, size: string, capacity: number | undefined, location = "westeurope"): void {
    const id = `resourceGroups/shop/providers/Microsoft.Compute/virtualMachineScaleSets/${name}`;
    resources.put(resources.id(id), { location, sku: { name: size, capacity } });
  }

  const used = (location = "westeurope") =>
    Object.fromEntries(
      (usagesOf(resources, location) as Usage[]).map(({ name, currentValue }) => [name.value, currentValue]),
    );

  const NOTHING = Object.fromEntries(
    ["BS", "DSv5", "DASv5", "DDSv5", "ESv5"].map((family) => [`standard${family}Family`, 0]),
  );

  it("is nothing of each quota while there are no servers, in the form of Azure's own list", () => {
    expect(usagesOf(resources, "westeurope")[1]).to.deep.equal({
      ...{ unit: "Count", currentValue: 0, limit: 100 },
      name: { value: "standardBSFamily", localizedValue: "Standard BS Family vCPUs" },
    });
    expect(used()).to.deep.equal({ ...NOTHING, cores: 0 });
  });

  it("is counted by the servers' sizes, and all together", () => {
    addServers("web", "Standard_D2s_v5", 3);
    addServers("jobs", "Standard_E8s_v5", 2);
    addServers("small", "Standard_B2ms", 4);
    addServers("stopped", "Standard_D4s_v5", 0);
    addServers("unknown", "Standard_D4s_v5", undefined);
    addServers("amd", "Standard_D4as_v5", 1);
    addServers("disk", "Standard_D2ds_v5", 1);
    expect(used()).to.deep.equal({
      ...{ cores: 36, standardBSFamily: 8, standardDSv5Family: 6, standardESv5Family: 16 },
      ...{ standardDASv5Family: 4, standardDDSv5Family: 2 },
    });
  });

  it("counts sizes of other families among all of them only", () => {
    addServers("fast", "Standard_F2s_v2", 1);
    addServers("newer", "Standard_B2ts_v2", 1);
    expect(used()).to.deep.equal({ ...NOTHING, cores: 4 });
  });

  it("is of one region, whichever of its names it is given by", () => {
    addServers("web", "Standard_D2s_v5", 1, "West Europe");
    addServers("elsewhere", "Standard_D2s_v5", 5, "northeurope");
    expect(used("westeurope").cores).to.equal(2);
    expect(used("WestEurope").cores).to.equal(2);
    expect(used("northeurope").cores).to.equal(10);
  });
});
