import { expect } from "chai";
import { Certificate, type CertificateArgs } from "../../../components/primary/certificate.ts";
import { expectHouseRules, expectProtected, TAGS } from "../../support/house-rules.ts";
import { deploy, type Registrations, settled } from "../../support/mocks.ts";

const ZONE_ID = "Z0123456789ABCDEFGHIJ";
const NAME = "app.shop.example.com";

function deployCertificate(args: Partial<CertificateArgs> = {}) {
  return deploy(() => new Certificate("shop-tls", { zoneId: ZONE_ID, domainName: NAME, tags: TAGS, ...args }));
}

describe("Certificate", () => {
  let resources: Registrations;
  let certificate: Certificate;

  before(async () => {
    ({ resources, result: certificate } = await deployCertificate());
  });

  it("keeps the rules of the house, and protects nothing: AWS issues another at any time", () => {
    expectHouseRules(resources, "shop-tls", "multicloud-dr:primary:Certificate");
    expectProtected(resources, []);
  });

  it("is for the one name, which a record proves", () => {
    const { inputs } = resources.named("shop-tls-certificate");
    expect(inputs).to.include({ domainName: NAME, validationMethod: "DNS" });
    expect(inputs).to.not.have.property("subjectAlternativeNames");
  });

  it("puts the record that AWS asks for into the zone, over an equal one that stands there", () => {
    const { inputs } = resources.named("shop-tls-proof");
    expect(inputs).to.deep.include({ zoneId: ZONE_ID, type: "CNAME", ttl: 60, allowOverwrite: true });
    expect(inputs.name).to.match(/^_[0-9a-f]{32}\.app\.shop\.example\.com\.$/);
    expect(inputs.records).to.have.length(1);
    expect(String(inputs.records)).to.match(/^_[0-9a-f]{32}\.acm-validations\.aws\.$/);
  });

  it("has whoever takes its ARN wait until it is issued", async () => {
    const { inputs, dependencies } = resources.named("shop-tls-issued");
    expect(dependencies).to.include("shop-tls-proof");
    expect(inputs.validationRecordFqdns).to.deep.equal([resources.named("shop-tls-proof").inputs.name]);
    expect(await settled(certificate.arn)).to.equal(inputs.certificateArn);
    expect(await settled(certificate.arn)).to.match(/^arn:aws:acm:eu-west-1:111122223333:certificate\//);
  });

  it("is where it is told to be; the record is everywhere", async () => {
    const { resources: abroad, result } = await deployCertificate({ region: "us-east-1" });
    expect(abroad.named("shop-tls-certificate").inputs.region).to.equal("us-east-1");
    expect(abroad.named("shop-tls-issued").inputs.region).to.equal("us-east-1");
    expect(abroad.named("shop-tls-proof").inputs).to.not.have.property("region");
    expect(await settled(result.arn)).to.match(/^arn:aws:acm:us-east-1:/);
    expect(resources.named("shop-tls-certificate").inputs).to.not.have.property("region");
  });
});
