import { expect } from "chai";
import { useLocalAws } from "./local-aws.ts";

describe("the functions of the AWS provider", () => {
  const aws = useLocalAws();

  it("knows the region's availability zones", async () => {
    const found = await aws.provider.invoke("aws:index/getAvailabilityZones:getAvailabilityZones", {
      state: "available",
    });
    expect(found.names).to.deep.equal(["eu-central-1a", "eu-central-1b", "eu-central-1c"]);
    expect(found.zoneIds).to.deep.equal(["euc1-az1", "euc1-az2", "euc1-az3"]);
    expect(found.id).to.equal("eu-central-1");
  });

  it("knows account, region and partition", async () => {
    const { provider } = aws;
    const account = await provider.invoke("aws:index/getCallerIdentity:getCallerIdentity", {});
    expect(account.accountId).to.equal("111122223333");
    expect((await provider.invoke("aws:index/getRegion:getRegion", {})).region).to.equal("eu-central-1");
    expect((await provider.invoke("aws:index/getPartition:getPartition", {})).partition).to.equal("aws");
  });
});
