import { X509Certificate } from "node:crypto";
import { expect } from "chai";
import { authoritiesOf } from "../../../lambdas/database/replication-procedures.ts";

describe("who vouches for a source", () => {
  it("is Amazon's authority of its region, and nobody else", () => {
    const pem = authoritiesOf("shop.abcdefghijkl.eu-central-1.rds.amazonaws.com");
    expect(pem.match(/BEGIN CERTIFICATE/g)).to.have.length(1);
    const { subject } = new X509Certificate(pem);
    expect(subject).to.include("CN=Amazon RDS eu-central-1 Root CA RSA2048 G1");
  });
  it("is not guessed for a region that Amazon's list does not have", () => {
    expect(() => authoritiesOf("shop.abcdefghijkl.moon-north-1.rds.amazonaws.com")).to.throw(
      /expected to know who vouches for shop\..*found nobody/,
    );
  });
});
