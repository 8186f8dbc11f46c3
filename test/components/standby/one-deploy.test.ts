import { expect } from "chai";
import { ONE_DEPLOY } from "../../../components/standby/one-deploy.ts";

describe("the template of a deployment", () => {
  const text = JSON.stringify(ONE_DEPLOY);

  it("has the app take a package, built already", () => {
    const [resource, ...others] = ONE_DEPLOY.resources;
    expect(others).to.be.empty;
    expect(resource.type).to.equal("Microsoft.Web/sites/extensions");
    expect(resource.name).to.equal("[concat(parameters('app'), '/onedeploy')]");
    expect(resource.properties.remoteBuild).to.be.false;
  });

  it("signs for reading that one blob, over HTTPS, and for an hour", () => {
    expect(ONE_DEPLOY.variables.reading).to.include({
      signedResource: "b",
      signedPermission: "r",
      signedProtocol: "https",
      signedExpiry: "[parameters('until')]",
    });
    expect(ONE_DEPLOY.parameters.until.defaultValue).to.contain("'PT1H'");
  });

  it("takes the time in a default, the one place where Azure allows it", () => {
    expect(text.split("utcNow")).to.have.lengthOf(2);
  });

  it("uses every parameter that it asks for, and asks for every one that it uses", () => {
    const used = new Set([...text.matchAll(/parameters\('(\w+)'\)/g)].map(([, name]) => name));
    expect([...used]).to.have.members(Object.keys(ONE_DEPLOY.parameters));
  });
});
