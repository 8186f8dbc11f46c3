import { expect } from "chai";
import { SECURITY_HEADERS } from "../../../components/primary/security-headers.ts";

describe("the security headers of the content", () => {
  it("keep a browser to TLS for two years, without a list that is slow to leave", () => {
    expect(SECURITY_HEADERS.strictTransportSecurity).to.deep.equal({
      accessControlMaxAgeSec: 63_072_000,
      includeSubdomains: true,
      preload: false,
      override: true,
    });
  });

  it("forbid guessing a type, a stranger's frame, and telling strangers the path", () => {
    expect(SECURITY_HEADERS.contentTypeOptions).to.deep.equal({ override: true });
    expect(SECURITY_HEADERS.frameOptions.frameOption).to.equal("SAMEORIGIN");
    expect(SECURITY_HEADERS.referrerPolicy.referrerPolicy).to.equal("strict-origin-when-cross-origin");
  });

  it("hold whatever an object's own headers say", () => {
    for (const header of Object.values(SECURITY_HEADERS)) expect(header.override).to.equal(true);
  });
});
