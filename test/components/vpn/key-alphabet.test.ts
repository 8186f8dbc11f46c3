import { expect } from "chai";
import fc from "fast-check";
import { PRE_SHARED_KEY } from "../../../components/vpn/key-alphabet.ts";

/** "Tunnel options" of AWS. */
const AWS = /^(?!0)[A-Za-z0-9._]{8,64}$/;
/** Printable ASCII of up to 128 characters ("About cryptographic requirements and Azure VPN gateways"). */
const AZURE = /^[\x21-\x7e]{1,128}$/;

describe("the alphabet of pre-shared keys", () => {
  it("takes keys that are long enough, and refuses what either cloud would", () => {
    expect(PRE_SHARED_KEY.test("aB3._".repeat(4))).to.equal(true);
    for (const key of ["a".repeat(19), `0${"a".repeat(30)}`, "a".repeat(65), "a b".repeat(10), "ü".repeat(20), ""]) {
      expect(PRE_SHARED_KEY.test(key), key).to.equal(false);
    }
  });

  it("takes nothing that a cloud refuses, whatever is tried", () => {
    const any = fc.oneof(
      fc.string({ maxLength: 130, unit: "binary" }),
      fc.stringMatching(/^[A-Za-z0-9._]{8,66}$/),
      fc.stringMatching(/^[!-~]{18,70}$/),
    );
    fc.assert(
      fc.property(any, (key) => {
        if (PRE_SHARED_KEY.test(key)) expect(AWS.test(key) && AZURE.test(key)).to.equal(true);
      }),
    );
  });
});
