import { expect } from "chai";
import { siteOf, whoAnswers } from "../../../operations/status/names.ts";
import { rejection } from "../../support/rejection.ts";

const HOSTS = {
  primary: ["Shop-1.eu-west-1.elb.amazonaws.com"],
  standby: ["shop-app.azurefd.net", "shop-1.westeurope.cloudapp.azure.com"],
};

describe("who answers for a name", () => {
  const leadsTo = (...hosts: string[]) => whoAnswers("app.example.com", HOSTS, { resolveCname: async () => hosts });
  const fails = (code: string) =>
    rejection(
      whoAnswers("app.example.com", HOSTS, {
        resolveCname: () => Promise.reject(Object.assign(new Error(`queryCname ${code} app.example.com`), { code })),
      }),
    );

  it("is the site whose host its CNAME points to", async () => {
    expect(await leadsTo("shop-app.azurefd.net")).to.deep.equal({
      name: "app.example.com",
      host: "shop-app.azurefd.net",
      site: "standby",
    });
  });

  it("is told by all hosts of a site, and by names that have no case and may end with the root's dot", () => {
    expect(siteOf("SHOP-1.westeurope.cloudapp.azure.com.", HOSTS)).to.equal("standby");
    expect(siteOf("shop-1.eu-west-1.elb.amazonaws.com", HOSTS)).to.equal("primary");
  });

  it("is neither site where it leads elsewhere, or the site is not known", () => {
    expect(siteOf("parked.example.net", HOSTS)).to.equal("neither");
    expect(siteOf("shop-1.eu-west-1.elb.amazonaws.com", { ...HOSTS, primary: [] })).to.equal("neither");
  });

  it("can't be told where the name is none, or nobody answers", async () => {
    expect((await fails("ENOTFOUND")).message).to.equal("expected a CNAME of app.example.com in DNS, found none");
    expect((await fails("ENODATA")).message).to.equal("expected a CNAME of app.example.com in DNS, found none");
    expect((await fails("ETIMEOUT")).message).to.include("queryCname ETIMEOUT");
  });
});
