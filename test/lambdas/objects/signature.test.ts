import { expect } from "chai";
import { presigned, signed } from "../../../lambdas/objects/signature.ts";

/** What AWS's own examples are signed with. */
const KEYS = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" };
const NOW = new Date("2013-05-24T00:00:00Z");
const REQUEST = { method: "GET", host: "examplebucket.s3.amazonaws.com", path: "/test.txt", query: {}, headers: {} };

describe("the signature of a request to S3", () => {
  it("is that of AWS's example of a part of an object", () => {
    const { authorization } = signed({ ...REQUEST, headers: { range: "bytes=0-9" } }, "us-east-1", KEYS, NOW);
    expect(authorization).to.equal(
      "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request," +
        "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date," +
        "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    );
  });

  it("is that of AWS's examples with a query", () => {
    const lifecycle = signed({ ...REQUEST, path: "/", query: { lifecycle: "" } }, "us-east-1", KEYS, NOW);
    expect(lifecycle.authorization).to.contain("fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
    const list = signed({ ...REQUEST, path: "/", query: { prefix: "J", "max-keys": "2" } }, "us-east-1", KEYS, NOW);
    expect(list.authorization).to.contain("34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
  });

  it("is that of AWS's example of a signed URL", () => {
    expect(presigned(REQUEST, "us-east-1", KEYS, NOW, 86_400)).to.equal(
      "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request" +
        "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host" +
        "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
    );
  });

  it("carries the token of a role along, signed", () => {
    const headers = signed(REQUEST, "us-east-1", { ...KEYS, sessionToken: "token" }, NOW);
    expect(headers["x-amz-security-token"]).to.equal("token");
    expect(headers.authorization).to.contain("x-amz-security-token,Signature=");
    expect(presigned(REQUEST, "us-east-1", { ...KEYS, sessionToken: "token" }, NOW, 60)).to.contain(
      "&X-Amz-Security-Token=token&X-Amz-SignedHeaders=host&",
    );
  });

  it("changes with the day, the region and the keys", () => {
    const signatures = [
      signed(REQUEST, "us-east-1", KEYS, NOW),
      signed(REQUEST, "us-east-1", KEYS, new Date("2013-05-25T00:00:00Z")),
      signed(REQUEST, "eu-west-1", KEYS, NOW),
      signed(REQUEST, "us-east-1", { ...KEYS, secretAccessKey: "another" }, NOW),
      signed(REQUEST, "us-east-1", KEYS, NOW),
    ].map(({ authorization }) => authorization);
    expect(new Set(signatures)).to.have.lengthOf(4);
    expect(signatures[4]).to.equal(signatures[0]);
  });
});
