import { expect } from "chai";
import fc from "fast-check";
import { nextSize, outOfCapacity } from "../../../operations/declare/capacity.ts";

/** Messages of Azure's, as its tools and pages show them. */
const NO_ROOM = {
  "a size that the region has none of":
    "SkuNotAvailable: The requested VM size for resource 'Following SKUs have failed for Capacity Restrictions: " +
    "Standard_F2' is currently not available in location 'westeurope'. Please try another size or deploy to a different " +
    "location or different zone. See https://aka.ms/azureskunotavailable for details.",
  "an allocation that failed":
    'Code="AllocationFailed" Message="Allocation failed. We do not have sufficient capacity for the requested VM size ' +
    'in this region."',
  "an allocation in a zone":
    "(ZonalAllocationFailed) Allocation failed. We do not have sufficient capacity for the requested VM size in this zone.",
  "an allocation with constraints":
    '"code": "OverconstrainedAllocationRequest", "message": "Create or update VM failed for VM(s) …"',
  "the same in another spelling, and in zones":
    "OverConstrainedZonalAllocationRequest: Allocation failed. VM(s) with the following constraints cannot be allocated.",
  "the quota of a family":
    "QuotaExceeded: Operation could not be completed as it results in exceeding approved standardDSv3Family Cores quota. " +
    "Additional details - Deployment Model: Resource Manager, Location: eastus2, Current Limit: 1500",
  "the quota of the region":
    "(OperationNotAllowed) Operation could not be completed as it results in exceeding approved Total Regional Cores quota.",
  "the same in its former words":
    'Status=409 Code="OperationNotAllowed" Message="Operation results in exceeding quota limits of Core. Maximum allowed: ' +
    '10, Current in use: 10, Additional requested: 2."',
};

const OTHERWISE = {
  "an operation that is not allowed now":
    "OperationNotAllowed: The server shop-standby is in state Stopped; only a start is allowed.",
  "the quota of something else":
    "QuotaExceeded: Operation could not be completed as it results in exceeding approved Public IP Addresses quota.",
  "a resource quota of a group":
    "ResourceQuotaExceeded: Creating the resource would exceed the quota of 800 resources.",
  "memory of one's own": "MemoryAllocationFailed",
  "a right that is missing": "AuthorizationFailed: The client does not have authorization to perform action …",
  nothing: "",
};

describe("a standby without capacity", () => {
  for (const [what, message] of Object.entries(NO_ROOM)) {
    it(`is known by ${what}`, () => expect(outOfCapacity(message)).to.equal(true));
  }

  for (const [what, message] of Object.entries(OTHERWISE)) {
    it(`is not taken from ${what}`, () => expect(outOfCapacity(message)).to.equal(false));
  }

  it("is known in the midst of all that an engine says", () => {
    const said = Object.values(NO_ROOM).map((message) => `Diagnostics:\n  error: 1 of 7\n\n  ${message}\n\nfailed`);
    expect(said.every(outOfCapacity)).to.equal(true);
  });
});

describe("the next size", () => {
  const SIZES = ["Standard_D2s_v5", "Standard_D2as_v5", "Standard_D2ds_v5"];

  it("is the one after the one that is set, and none after the last", () => {
    expect(SIZES.map((size) => nextSize(SIZES, size))).to.deep.equal([...SIZES.slice(1), undefined]);
  });

  it("is none where the one that is set is not in the list: nobody knows what was tried then", () => {
    expect(nextSize(SIZES, "Standard_F4s_v2")).to.equal(undefined);
    expect(nextSize([], "Standard_D2s_v5")).to.equal(undefined);
  });

  it("comes to every size once, and to an end", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { minLength: 1 }), (sizes) => {
        const tried: string[] = [];
        for (let size = sizes[0]; size !== undefined; size = nextSize(sizes, size)) tried.push(size);
        expect(tried).to.deep.equal(sizes);
      }),
    );
  });
});
