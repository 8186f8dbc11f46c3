import { expect } from "chai";
import { failure, useLocalAws } from "./local-aws.ts";
import { deployCertificate } from "./site.ts";

const CERTIFICATE = "aws:acm/certificate:Certificate";
const VALIDATION = "aws:acm/certificateValidation:CertificateValidation";

describe("the local AWS's certificates", () => {
  const aws = useLocalAws();

  it("are asked for, and say which record proves whose the name is", async () => {
    const inputs = { domainName: "app.one.example", validationMethod: "DNS", tags: { Name: "a" } };
    const certificate = await aws.deploy(CERTIFICATE, inputs);
    expect(certificate.id).to.match(/^arn:aws:acm:eu-central-1:111122223333:certificate\//);
    expect(certificate.properties.status).to.equal("PENDING_VALIDATION");
    const [option] = certificate.properties.domainValidationOptions as Record<string, string>[];
    expect(option).to.include({ domainName: "app.one.example", resourceRecordType: "CNAME" });
    expect(option?.resourceRecordName).to.match(/^_.*\.app\.one\.example\.$/);
    await certificate.update({ ...inputs, tags: { Other: "b" } });
    expect(await certificate.refresh()).to.deep.equal({ ...inputs, tags: { Other: "b" } });
    await certificate.delete();
    await certificate.delete();
    expect(await certificate.refresh()).to.equal(undefined);
  });

  it("are issued once the record stands in a public zone, and not before", async () => {
    const certificate = await aws.deploy(CERTIFICATE, { domainName: "app.two.example", validationMethod: "DNS" });
    const validate = () => aws.deploy(VALIDATION, { certificateArn: certificate.id });
    expect(await failure(validate())).to.match(/a record _.*app\.two\.example\. CNAME .* is expected/);
    const zone = await aws.deploy("aws:route53/zone:Zone", { name: "two.example" });
    const [option] = certificate.properties.domainValidationOptions as Record<string, string>[];
    const record = { zoneId: zone.id, name: option?.resourceRecordName, type: "CNAME", ttl: 60 };
    await aws.deploy("aws:route53/record:Record", { ...record, records: [option?.resourceRecordValue] });
    const validation = await validate();
    expect(await validation.refresh()).to.deep.equal({ certificateArn: certificate.id });
    const issued = aws.cloud.hosting.certificates.get(certificate.id);
    expect([issued?.covers("app.two.example"), issued?.covers("two.example")]).to.deep.equal([true, false]);
    await certificate.delete();
    expect(await validation.refresh()).to.equal(undefined);
  });

  it("are of the region that they name, whatever the stack's is", async () => {
    const arn = await deployCertificate(aws, "content.three.example", "us-east-1");
    expect(arn).to.match(/^arn:aws:acm:us-east-1:/);
    const here = await failure(aws.deploy(VALIDATION, { certificateArn: arn }));
    expect(here).to.match(/ResourceNotFoundException: .* in eu-central-1/);
  });

  it("are refused for what is no name, and by mail", async () => {
    expect(await aws.refusals(CERTIFICATE, { domainName: "shop" })).to.match(/"shop" is no domain name/);
    expect(await aws.refusals(CERTIFICATE, { domainName: "*.shop.example" })).to.equal("");
    expect(await aws.refusals(CERTIFICATE, { validationMethod: "EMAIL" })).to.match(/validate by DNS/);
  });
});
