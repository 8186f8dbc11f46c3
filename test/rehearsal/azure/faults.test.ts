import { createServer } from "node:net";
import { expect } from "chai";
import { AzureFaults } from "../../../rehearsal/azure/faults.ts";
import { Doors } from "../../../rehearsal/local/doors.ts";

const SIZE = "Standard_D2as_v5";

describe("what goes wrong in a local Azure", () => {
  let frontDoor: Doors;
  let faults: AzureFaults;
  beforeEach(() => {
    frontDoor = new Doors();
    faults = new AzureFaults(frontDoor);
  });

  it("is nothing at first", () => {
    expect(frontDoor.isShut).to.equal(false);
    expect(faults.refusalOf("$web")).to.equal(undefined);
    faults.expectCapacity(SIZE);
  });

  it("is Front Door, whose edges are shut until it is revived", async () => {
    faults.killFrontDoor();
    expect(frontDoor.isShut).to.equal(true);
    await faults.reviveFrontDoor();
    expect(frontDoor.isShut).to.equal(false);
  });

  it("is that no marker can be written, and nothing else is refused", () => {
    faults.refuseMarkers();
    expect(faults.refusalOf("$web")).to.deep.equal({
      status: 403,
      code: "AuthorizationFailure",
      message: "This request is not authorized to perform this operation (AuthorizationFailure).",
    });
    expect(faults.refusalOf("content")).to.equal(undefined);
    faults.acceptMarkers();
    expect(faults.refusalOf("$web")).to.equal(undefined);
  });

  it("is a size that is not to be had, in Azure's own words, and however it is spelt", () => {
    faults.exhaust(SIZE);
    expect(() => faults.expectCapacity(SIZE.toUpperCase())).to.throw(
      /^Code="SkuNotAvailable" .*STANDARD_D2AS_V5' is currently not available in the location/,
    );
    faults.exhaust(SIZE, "AllocationFailed");
    expect(() => faults.expectCapacity(SIZE)).to.throw(/^Code="AllocationFailed" .*VM size Standard_D2as_v5 in this/);
    faults.expectCapacity("Standard_D2s_v5");
    faults.restock(SIZE.toLowerCase());
    faults.expectCapacity(SIZE);
  });

  it("ends all at once when it is lifted", async () => {
    const door = await frontDoor.listen(createServer());
    faults.killFrontDoor();
    faults.refuseMarkers();
    faults.exhaust(SIZE);
    await faults.lift();
    expect(frontDoor.isShut).to.equal(false);
    expect(faults.refusalOf("$web")).to.equal(undefined);
    faults.expectCapacity(SIZE);
    door.close();
  });
});
